using BreakHis.Plans;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>The head that comes with weights. Owns its tensors.</summary>
/// <param name="State">The parameters by the names in checkpoints, such as head.dense1.weight; float32.</param>
internal sealed record PretrainedHead(WeightsHead Layers, IReadOnlyDictionary<string, Tensor> State) : IDisposable
{
    /// <summary>A copy with tensors of its own.</summary>
    public PretrainedHead Copy() =>
        this with
        {
            State = State.ToDictionary(s => s.Key, s => s.Value.clone(), StringComparer.Ordinal),
        };

    /// <summary>Copies the parameters into a head of the same layers, on any device.</summary>
    /// <param name="head">The head's tensors by the same names.</param>
    public void CopyTo(IEnumerable<(string Name, Tensor Tensor)> head)
    {
        using IDisposable noGradient = no_grad();
        foreach ((string name, Tensor tensor) in head)
        {
            tensor.copy_(State[name]);
        }
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
