using System.Diagnostics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// Libraries other than libtorch that multiply matrices: libtorch contains such functions itself, but one that was loaded
/// before it takes their place.
/// </summary>
internal static class BlasLibraries
{
    private static readonly string[] Functions = ["sgemm_", "dgemm_", "cblas_sgemm"];

    // The parts of MKL that it chooses by the processor.
    private const string Parts = "libmkl_";

    /// <summary>Returns the paths of those that are loaded, in ordinal order. They may load parts of themselves first.</summary>
    public static IReadOnlyList<string> Loaded()
    {
        string[] libraries = All(Multiplies);
        if (libraries.Length == 0)
        {
            return [];
        }

        using (NewDisposeScope())
        {
            _ = ones(2, 2).mm(ones(2, 2));
        }

        return
        [
            .. libraries
                .Union(
                    All(module => module.ModuleName.StartsWith(Parts, StringComparison.Ordinal)),
                    StringComparer.Ordinal
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string[] All(Func<ProcessModule, bool> isOne)
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            .. process
                .Modules.Cast<ProcessModule>()
                .Where(module =>
                    module.ModuleName.Contains(".so", StringComparison.Ordinal)
                    && !module.ModuleName.StartsWith("libtorch_cpu.", StringComparison.Ordinal)
                    && isOne(module)
                )
                .Select(module => module.FileName),
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
