using System.Runtime.InteropServices;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// The threads that OpenMP really delivers. Libraries split their work by the number they ask for; if OpenMP delivers
/// fewer, parts of a result are missing.
/// </summary>
internal static unsafe class OpenMpTeam
{
    private const string Begin = "GOMP_parallel";

    private static int _members;

    /// <summary>Whether a library that was loaded before the program divides the work, whatever its file is called.</summary>
    public static bool IsPreloaded => NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), Begin, out _);

    /// <summary>Returns how many threads take part if so many are asked for.</summary>
    /// <returns>The number of threads, or null if libtorch uses no GNU OpenMP here.</returns>
    public static int? Delivered(int threads)
    {
        if (Find(Begin) is not { } begin)
        {
            return null;
        }

        _members = 0;
        var parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)begin;
        parallel(&Join, null, (uint)threads, 0);
        return Volatile.Read(ref _members);
    }

    [UnmanagedCallersOnly]
    private static void Join(void* data) => Interlocked.Increment(ref _members);

    /// <summary>The function that libtorch calls: of a library loaded before the program, or of the one beside it.</summary>
    private static nint? Find(string function) =>
        NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), function, out nint preloaded) ? preloaded
        : LoadedModule.Find("libgomp") is { } path
        && NativeLibrary.TryLoad(path, out nint library)
        && NativeLibrary.TryGetExport(library, function, out nint loaded)
            ? loaded
        : null;
}
