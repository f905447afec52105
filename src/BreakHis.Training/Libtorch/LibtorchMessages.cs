using System.Runtime.InteropServices;
using BreakHis.Processes;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// The warnings that libtorch writes to standard error itself. On processors that NNPACK does not know, such as many
/// virtual ones, it repeats one that nobody can act on for every convolution.
/// </summary>
internal static unsafe class LibtorchMessages
{
    private const string Level = "TORCH_CPP_LOG_LEVEL";

    /// <summary>Leaves only errors, unless the user set a level. Call it after libtorch is loaded.</summary>
    public static void Quieten()
    {
        const string ReadLevel = "_ZN3c1011initLoggingEv";
        if (Environment.GetEnvironmentVariable(Level) is null)
        {
            NativeEnvironment.Set(Level, "ERROR");
        }

        if (
            LoadedModule.Find("libc10.") is { } path
            && NativeLibrary.TryLoad(path, out nint library)
            && NativeLibrary.TryGetExport(library, ReadLevel, out nint function)
        )
        {
            ((delegate* unmanaged<void>)function)();
        }
    }
}
