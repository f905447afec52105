using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Layouts;

public sealed class ResNet18MlNetTests
{
    [Fact]
    public void Features_of_real_images_match_ONNX_Runtime_on_the_bundled_files()
    {
        WeightsSource source = KnownWeights.Find("resnet18_mlnet", weightsFolder: null);
        using PretrainedWeights weights = WeightsReader.Read(source, "resnet18_mlnet");
        using Backbone backbone = weights.CreateBackbone();
        using var preprocess = new InferenceSession(source.Files[1]);
        using var featurize = new InferenceSession(source.Files[0]);

        foreach (byte[] rgb in SampleImages.Crops(224))
        {
            float[] expected = Run(featurize, Run(preprocess, Planes(rgb), 224), 224);
            Closeness.Assure(expected, Features.Pooled(backbone, weights.Preprocessing, rgb, 224), 1e-4);
        }
    }

    [Theory]
    [InlineData(224)]
    [InlineData(256)]
    [InlineData(32)]
    public void Feature_maps_of_even_sizes_match_the_graph(int size)
    {
        WeightsSource source = KnownWeights.Find("resnet18_mlnet", weightsFolder: null);
        using PretrainedWeights weights = WeightsReader.Read(source, "resnet18_mlnet");
        using Backbone backbone = weights.CreateBackbone();
        using var map = new InferenceSession(GraphWithoutPool(source.Files[0], size));
        float[] input = Enumerable.Range(0, 3 * size * size).Select(i => (i * 7919 % 256) - 128f).ToArray();

        Closeness.Assure(Run(map, input, size), Features.Map(backbone, input, size), 1e-4);
    }

    [Theory]
    [InlineData(229, 8)]
    [InlineData(33, 2)]
    public void Odd_sizes_are_halved_rounding_up(int size, int map)
    {
        using var backbone = Backbone.Create("resnet18_mlnet", BackboneTraits.Default);

        Assert.Equal(512 * map * map, Features.Map(backbone, new float[3 * size * size], size).Length);
    }

    private static byte[] GraphWithoutPool(string file, int size)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file));
        NodeProto pool = model.Graph.Node.Single(n => n.OpType == "AveragePool");
        model.Graph.Node.Remove(pool);
        model.Graph.Output.Single().Name = pool.Input[0];
        model.Graph.Output.Single().Type.TensorType.Shape = null;
        model.Graph.ValueInfo.Clear();
        ValueInfoProto input = model.Graph.Input.Single(i => i.Name.StartsWith("Input", StringComparison.Ordinal));
        input.Type.TensorType.Shape.Dim[2].DimValue = size;
        input.Type.TensorType.Shape.Dim[3].DimValue = size;
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private static float[] Planes(byte[] rgb) =>
        [
            .. Enumerable
                .Range(0, 3)
                .SelectMany(c => Enumerable.Range(0, rgb.Length / 3).Select(i => (float)rgb[3 * i + c])),
        ];

    private static float[] Run(InferenceSession session, float[] input, int size)
    {
        var picture = new DenseTensor<float>(input, [1, 3, size, size]);
        string name = session.InputMetadata.Keys.First();
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([
            NamedOnnxValue.CreateFromTensor(name, picture),
        ]);
        return [.. outputs[0].AsEnumerable<float>()];
    }
}
