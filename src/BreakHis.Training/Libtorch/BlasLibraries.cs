using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// Libraries other than libtorch that multiply matrices: libtorch contains such functions itself, but one that was loaded
/// before it takes their place.
/// </summary>
internal static class BlasLibraries
{
    private static readonly string[] Functions = ["sgemm_", "dgemm_", "cblas_sgemm"];

    /// <summary>Returns the paths of those that are loaded, in ordinal order.</summary>
    public static IReadOnlyList<string> Loaded()
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            .. process
                .Modules.Cast<ProcessModule>()
                .Where(module =>
                    module.ModuleName.Contains(".so", StringComparison.Ordinal)
                    && !module.ModuleName.StartsWith("libtorch_cpu.", StringComparison.Ordinal)
                    && Multiplies(module)
                )
                .Select(module => module.FileName)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a library itself has such a function; the system also finds those of libraries that it needs.</summary>
    private static bool Multiplies(ProcessModule module) =>
        NativeLibrary.TryLoad(module.FileName, out nint library)
        && Functions.Any(name =>
            NativeLibrary.TryGetExport(library, name, out nint function)
            && function >= module.BaseAddress
            && function < module.BaseAddress + module.ModuleMemorySize
        );
}
