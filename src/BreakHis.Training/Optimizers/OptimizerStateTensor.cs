using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>An optimizer's state (momentum, moments, steps) as one tensor: the bytes that TorchSharp writes.</summary>
internal static class OptimizerStateTensor
{
    /// <summary>The tensor's name in checkpoints, hashes and traces.</summary>
    public const string Name = "optimizer";

    /// <summary>The state, in the current dispose scope.</summary>
    public static Tensor Of(OptimizerHelper optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            optimizer.save_state_dict(writer);
        }

        return tensor(bytes.ToArray());
    }

    /// <summary>Restores a state returned by <see cref="Of"/>.</summary>
    public static void Restore(OptimizerHelper optimizer, Tensor state)
    {
        using var reader = new BinaryReader(new MemoryStream(state.bytes.ToArray()));
        optimizer.load_state_dict(reader);
    }
}
