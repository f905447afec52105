using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Layouts;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>Weights of a backbone as read, with their metadata. Owns its tensors.</summary>
internal sealed record PretrainedWeights : IDisposable
{
    /// <summary>The backbone's name.</summary>
    public required string Backbone { get; init; }

    /// <summary>The source format, for display: <c>ONNX</c>, <c>TensorFlow.js layers model</c> ...</summary>
    public required string Format { get; init; }

    /// <summary>
    /// SHA-256 of the content, as defined by <see cref="WeightsSource.Sha256"/>, in lower-case hexadecimal.
    /// </summary>
    public required string Sha256 { get; init; }

    /// <summary>Where they come from, for display.</summary>
    public required string Origin { get; init; }

    /// <summary>The preprocessing of images before the network.</summary>
    public required Preprocessing Preprocessing { get; init; }

    /// <summary>What a user should know about how they were read, one line each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether the source does not say how images are preprocessed, so that the usual way is assumed.</summary>
    public bool IsAssumed { get; init; }

    /// <summary>How the backbone's operations must behave for these weights.</summary>
    public required BackboneTraits Traits { get; init; }

    /// <summary>
    /// Parameters and moving statistics by the backbone's own names, float32, in the backbone's shapes, without batch
    /// counters.
    /// </summary>
    public required IReadOnlyDictionary<string, Tensor> State { get; init; }

    /// <summary>The head that comes with the weights, or null.</summary>
    public PretrainedHead? Head { get; init; }

    /// <summary>
    /// Height and width of the images that the weights were trained on, or null if the source does not say.
    /// </summary>
    public int? TrainedAt { get; init; }

    /// <summary>
    /// Creates a backbone with a copy of these weights. Like every new module, it is in training mode.
    /// </summary>
    /// <exception cref="WeightsException">A tensor is missing, surplus or has the wrong shape.</exception>
    public Backbone CreateBackbone()
    {
        var backbone = Backbones.Backbone.Create(Backbone, Traits);
        BackboneState.Load(backbone, State, Origin);
        return backbone;
    }

    /// <summary>
    /// Writes a .safetensors file that <see cref="WeightsReader"/> reads back with all metadata. The same weights give
    /// the same bytes.
    /// </summary>
    /// <param name="path">The file, replaced atomically.</param>
    public void Write(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        IEnumerable<(string, Tensor)> tensors = [.. Named(State), .. Head is null ? [] : Named(Head.State)];
        SafeTensors.Write(path, tensors.Concat(WeightsMetadata.Tensors(Preprocessing)), WeightsMetadata.Of(this));
    }

    private static IEnumerable<(string, Tensor)> Named(IReadOnlyDictionary<string, Tensor> state) =>
        state.Select(s => (s.Key, s.Value));

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Head?.Dispose();
        foreach (Tensor tensor in State.Values)
        {
            tensor.Dispose();
        }
    }
}
