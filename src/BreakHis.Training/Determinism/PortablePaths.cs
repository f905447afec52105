using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace BreakHis.Training.Determinism;

/// <summary>
/// The math paths that give the same bits on x86-64 processors of all makers, for this process. docs/portable-bits.md
/// says what was measured of each.
/// </summary>
internal static partial class PortablePaths
{
    /// <summary>
    /// The instruction set of libtorch and oneDNN. The lowest that has fused multiply-add; a lower one is slower and
    /// gains no processor of the last ten years.
    /// </summary>
    public const string InstructionSet = "avx2";

    /// <summary>
    /// The variables that choose other instructions or sums in the numerical libraries, and what portable paths have for
    /// each, whatever the user has set; null where nothing may be set.
    /// </summary>
    public static IReadOnlyList<(string Name, string? Value)> Variables { get; } =
    [
        ("ATEN_CPU_CAPABILITY", InstructionSet),
        ("DNNL_MAX_CPU_ISA", null),
        ("KMP_DETERMINISTIC_REDUCTION", null),
        // MKL's other settings take different paths on Intel's processors and on others.
        ("MKL_CBWR", "COMPATIBLE"),
        ("MKL_ENABLE_INSTRUCTIONS", null),
        ("ONEDNN_MAX_CPU_ISA", "AVX2"),
    ];

    /// <summary>Fixes the paths, for as long as the process lives. Only before libtorch is loaded.</summary>
    /// <exception cref="TrainingException">This machine cannot take them.</exception>
    public static void Fix()
    {
        if (!OperatingSystem.IsLinux() || !Avx2.IsSupported || !Fma.IsSupported)
        {
            throw new TrainingException(
                "determinism: portable needs Linux on an x86-64 processor with AVX2 and FMA, which this machine is not; "
                    + "use determinism: native, whose bits depend on the machine"
            );
        }

        if (IsTorchLoaded())
        {
            throw new InvalidOperationException("libtorch is already loaded and has chosen its math paths");
        }

        foreach ((string name, string? value) in Variables)
        {
            // The second is for the libraries, which read the C environment; .NET keeps a copy, which provenance reads.
            Environment.SetEnvironmentVariable(name, value);
            _ = value is null ? UnsetVariable(name) : SetVariable(name, value, overwrite: 1);
        }
    }

    private static bool IsTorchLoaded()
    {
        using var process = Process.GetCurrentProcess();
        return process
            .Modules.Cast<ProcessModule>()
            .Any(m => m.ModuleName.StartsWith("libtorch", StringComparison.Ordinal));
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnsetVariable(string name);
}
