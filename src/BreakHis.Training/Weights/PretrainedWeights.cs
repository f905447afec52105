using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>Weights of a backbone as they were read, with all that belongs to them. Owns its tensors.</summary>
internal sealed record PretrainedWeights : IDisposable
{
    /// <summary>The backbone's name.</summary>
    public required string Backbone { get; init; }

    /// <summary>The format they were read from, for people: <c>ONNX</c>, <c>TensorFlow.js layers model</c> ...</summary>
    public required string Format { get; init; }

    /// <summary>SHA-256 of the content as <see cref="WeightsSource.Sha256"/> takes it, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where they come from, for people.</summary>
    public required string Origin { get; init; }

    /// <summary>What pictures undergo before the network sees them.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>What they demand of the backbone's operations.</summary>
    public required BackboneTraits Traits { get; init; }

    /// <summary>
    /// Parameters and moving statistics by the backbone's own names, float32, in the backbone's shapes. Counters of
    /// batches are left out.
    /// </summary>
    public required IReadOnlyDictionary<string, Tensor> State { get; init; }

    /// <summary>A new backbone with these weights, in training mode as every new module; its tensors are its own.</summary>
    /// <exception cref="WeightsException">A tensor is missing, surplus or of another shape.</exception>
    public Backbone CreateBackbone()
    {
        var backbone = Backbones.Backbone.Create(Backbone, Traits);
        BackboneState.Load(backbone, State, Origin);
        return backbone;
    }

    /// <summary>
    /// Writes a .safetensors file that <see cref="WeightsReader"/> reads back with all that belongs to the weights; the
    /// same weights give the same bytes.
    /// </summary>
    /// <param name="path">The file; it is replaced in one step.</param>
    public void Write(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> tensors = State.Select(s => (s.Key, s.Value));
        if (Preprocessing.MeanImage is { } image)
        {
            tensors = tensors.Append((WeightsMetadata.MeanImage, tensor(image.Values, [3, image.Height, image.Width])));
        }

        SafeTensors.Write(path, tensors, WeightsMetadata.Of(this));
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor tensor in State.Values)
        {
            tensor.Dispose();
        }
    }
}
