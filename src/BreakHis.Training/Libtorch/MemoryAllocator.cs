using System.Runtime.InteropServices;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// The allocator of the C library, from which libtorch has its memory. By default it returns each large block to the
/// system at once, and the system clears the next one page by page.
/// </summary>
internal static partial class MemoryAllocator
{
    // malloc.h of glibc
    private const int TrimThreshold = -1;
    private const int MostMapped = -4;

    /// <summary>Keeps freed blocks for the next ones, for the lifetime of the process. Changes no result.</summary>
    public static void KeepFreed()
    {
        try
        {
            _ = SetOption(MostMapped, 0);
            _ = SetOption(TrimThreshold, int.MaxValue);
        }
        catch (EntryPointNotFoundException)
        {
            // Not glibc.
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, int value);
}
