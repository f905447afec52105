using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>An optimizer's state (momentum, moments, steps) as one tensor: the bytes that TorchSharp writes.</summary>
internal static class OptimizerStateTensor
{
    /// <summary>The tensor's name in checkpoints, hashes and traces.</summary>
    public const string Name = "optimizer";

    private const long Headers = 1 << 16;

    /// <summary>The state, in the current dispose scope.</summary>
    public static Tensor Of(OptimizerHelper optimizer)
    {
        // A momentum is as large as its parameter, so the buffer hardly grows while it is written.
        long momenta = optimizer.parameters().Sum(parameter => parameter.numel() * parameter.element_size());
        using var bytes = new MemoryStream((int)Math.Min(momenta + Headers, Array.MaxLength));
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            optimizer.save_state_dict(writer);
        }

        return frombuffer(bytes.GetBuffer(), ScalarType.Byte, bytes.Length);
    }

    /// <summary>Restores a state returned by <see cref="Of"/>.</summary>
    public static void Restore(OptimizerHelper optimizer, Tensor state)
    {
        using var reader = new BinaryReader(new MemoryStream(state.bytes.ToArray()));
        optimizer.load_state_dict(reader);
    }
}
