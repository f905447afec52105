namespace BreakHis.Plans;

/// <summary>The names of devices, as torch and the ledger write them.</summary>
internal static class DeviceNames
{
    /// <summary>The processor.</summary>
    public const string Cpu = "cpu";

    /// <summary>An NVIDIA GPU.</summary>
    public const string Cuda = "cuda";

    /// <summary>A GPU if there is one, and the processor otherwise; never the name of a plan's device.</summary>
    public const string Auto = "auto";
}
