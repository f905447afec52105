using BreakHis.Specs;
using BreakHis.Training.Backbones;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>Reads weights of any known format; the format is told by content.</summary>
public static class WeightsReader
{
    /// <summary>Reads weights and checks that they are the backbone's, whole and of the right shapes.</summary>
    /// <param name="path">A file, or a folder that holds just one set of weights.</param>
    /// <param name="backbone">A name of <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="WeightsException">They cannot be had or used.</exception>
    public static PretrainedWeights Read(string path, string backbone) => Read(WeightsSource.Find(path), backbone);

    /// <summary>Reads weights whose files are known already.</summary>
    /// <param name="source">The files.</param>
    /// <param name="backbone">A name of <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="WeightsException">They cannot be had or used.</exception>
    public static PretrainedWeights Read(WeightsSource source, string backbone)
    {
        string file = source.Files[0];
        using var scope = NewDisposeScope();
        PretrainedWeights weights = (source.Format, backbone) switch
        {
            (WeightsFormat.Onnx, "resnet18_mlnet") => ReadOnnx(source),
            (WeightsFormat.TensorFlowJs, "inception_v3") => ReadTensorFlowJs(source),
            _ => throw new WeightsException(
                $"{file}: {source.Format} weights are not read for the backbone {backbone}"
            ),
        };
        BackboneState.Check(backbone, weights.State, file);
        foreach (Tensor tensor in weights.State.Values)
        {
            tensor.DetachFromDisposeScope();
        }

        return weights;
    }

    private static PretrainedWeights ReadOnnx(WeightsSource source) =>
        new()
        {
            Backbone = BackboneFacts.ResNet18MlNet.Name,
            Format = "ONNX",
            Sha256 = source.Sha256(),
            Origin = source.Files[0],
            Preprocessing = OnnxResNet18.Preprocessing(source.Files[1]),
            Traits = BackboneTraits.Default,
            State = OnnxResNet18.State(source.Files[0]),
        };

    private static PretrainedWeights ReadTensorFlowJs(WeightsSource source) =>
        new()
        {
            Backbone = BackboneFacts.InceptionV3.Name,
            Format = "TensorFlow.js layers model",
            Sha256 = source.Sha256(),
            Origin = source.Files[0],
            Preprocessing = Preprocessing.MinusOneToOne,
            Traits = BackboneTraits.Keras,
            State = KerasInceptionV3.State(TensorFlowJsModel.Read(source.Files[0]), source.Files[0]),
        };
}
