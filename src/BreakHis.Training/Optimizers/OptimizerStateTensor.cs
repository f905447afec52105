using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>An optimizer's state (momentum, moments, steps): the bytes that TorchSharp writes, as a tensor among others.</summary>
internal static class OptimizerStateTensor
{
    /// <summary>The name that the tensor has in checkpoints, hashes and traces.</summary>
    public const string Name = "optimizer";

    /// <summary>The state, in the running dispose scope.</summary>
    public static Tensor Of(OptimizerHelper optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            optimizer.save_state_dict(writer);
        }

        return tensor(bytes.ToArray());
    }

    /// <summary>Puts back what <see cref="Of"/> gave.</summary>
    public static void Restore(OptimizerHelper optimizer, Tensor state)
    {
        using var reader = new BinaryReader(new MemoryStream(state.bytes.ToArray()));
        optimizer.load_state_dict(reader);
    }
}
