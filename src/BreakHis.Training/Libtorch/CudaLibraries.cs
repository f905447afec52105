using BreakHis.Files;
using BreakHis.Numerics;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// The libraries of CUDA that compute for libtorch. They are packages of their own, which are updated without it.
/// </summary>
internal static class CudaLibraries
{
    private static readonly string[] Names =
    [
        "libcublas",
        "libcudart",
        "libcudnn",
        "libcufft",
        "libcurand",
        "libcusolver",
        "libcusparse",
        "libnvJitLink",
        "libnvrtc",
    ];

    /// <summary>
    /// Returns the SHA-256 of each by its file name, in ordinal order: those that are loaded, and those beside them, which
    /// they load when they need them.
    /// </summary>
    public static IReadOnlyList<(string Name, string Sha256)> Hashes()
    {
        string[] files = Files(LoadedModule.All(Names));
        var found = new (string, string)[files.Length];
        ParallelWork.ForEach(
            files.Length,
            i => found[i] = (Path.GetFileName(files[i]), RememberedHashes.OfAccount.OfFile(files[i])),
            CancellationToken.None
        );
        return found;
    }

    /// <summary>Returns loaded libraries of CUDA and all others in the same folders, without links.</summary>
    internal static string[] Files(IEnumerable<string> loaded) =>
        [
            .. loaded
                .Select(path => Path.GetDirectoryName(path)!)
                .Distinct(StringComparer.Ordinal)
                .SelectMany(Directory.EnumerateFiles)
                .Where(file => Names.Any(name => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal)))
                .Where(file => file.Contains(".so", StringComparison.Ordinal))
                .Where(file => new FileInfo(file).LinkTarget is null)
                .DistinctBy(Path.GetFileName, StringComparer.Ordinal)
                .OrderBy(Path.GetFileName, StringComparer.Ordinal),
        ];
}
