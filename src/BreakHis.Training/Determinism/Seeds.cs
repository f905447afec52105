using BreakHis.Plans;
using static TorchSharp.torch;

namespace BreakHis.Training.Determinism;

/// <summary>Seeds of torch's generators, from which dropout draws.</summary>
internal static class Seeds
{
    /// <summary>Seeds the generator of a device. On a GPU, layers draw from a generator of its own.</summary>
    /// <param name="device">cpu or cuda.</param>
    public static void Set(ulong seed, string device)
    {
        manual_seed(unchecked((long)seed));
        if (device == DeviceNames.Cuda)
        {
            cuda.manual_seed_all(unchecked((long)seed));
        }
    }
}
