using TorchSharp.Modules;

namespace BreakHis.Training.Stages;

/// <summary>An optimizer's state (momentum, moments, steps) as the bytes that TorchSharp writes.</summary>
internal static class OptimizerBytes
{
    public static byte[] Of(OptimizerHelper optimizer)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            optimizer.save_state_dict(writer);
        }

        return bytes.ToArray();
    }

    public static void Restore(OptimizerHelper optimizer, byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        optimizer.load_state_dict(reader);
    }
}
