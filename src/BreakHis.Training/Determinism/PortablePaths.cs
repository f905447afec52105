using System.Runtime.Intrinsics.X86;
using BreakHis.Processes;
using BreakHis.Training.Libtorch;

namespace BreakHis.Training.Determinism;

/// <summary>
/// Math paths that give the same bits on x86-64 processors of all vendors, set for this process. docs/portable-bits.md
/// has the measurements for each.
/// </summary>
internal static class PortablePaths
{
    /// <summary>
    /// The instruction set for libtorch and oneDNN: the lowest with fused multiply-add. A lower one is slower and adds
    /// no processor of the last ten years.
    /// </summary>
    public const string InstructionSet = "avx2";

    /// <summary>
    /// Environment variables that change instructions or the order of sums in the numerical libraries, and the value of
    /// each for portable paths. They override the user's values; null removes the variable.
    /// </summary>
    public static IReadOnlyList<(string Name, string? Value)> Variables { get; } =
    [
        ("ATEN_CPU_CAPABILITY", InstructionSet),
        ("DNNL_MAX_CPU_ISA", null),
        ("KMP_DETERMINISTIC_REDUCTION", null),
        // MKL's other settings take different paths on Intel processors and others.
        ("MKL_CBWR", "COMPATIBLE"),
        ("MKL_ENABLE_INSTRUCTIONS", null),
        ("ONEDNN_MAX_CPU_ISA", "AVX2"),
    ];

    /// <summary>Fixes the paths for the lifetime of the process. Call it before libtorch is loaded.</summary>
    /// <exception cref="TrainingException">This machine does not support them.</exception>
    public static void Fix()
    {
        if (!OperatingSystem.IsLinux() || !Avx2.IsSupported || !Fma.IsSupported)
        {
            throw new TrainingException(
                "determinism: portable needs Linux on an x86-64 processor with AVX2 and FMA, which this machine is not; "
                    + "use determinism: native, whose bits depend on the machine"
            );
        }

        if (LoadedModule.Find("libtorch") is not null)
        {
            throw new TrainingException(
                "determinism: portable chooses the math paths of libtorch, but it was loaded before the tool could; unset LD_PRELOAD, or use determinism: native"
            );
        }

        foreach ((string name, string? value) in Variables)
        {
            NativeEnvironment.Set(name, value);
        }
    }

    /// <summary>The variables that portable paths set, with their values.</summary>
    public static IEnumerable<(string Name, string Value)> Fixed() =>
        Variables.Where(variable => variable.Value is not null).Select(variable => (variable.Name, variable.Value!));
}
