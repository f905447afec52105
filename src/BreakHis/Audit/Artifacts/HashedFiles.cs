using System.Collections.Concurrent;
using BreakHis.Files;

namespace BreakHis.Audit.Artifacts;

/// <summary>
/// SHA-256 of files, each read once however many runs share it. May be used by several threads at once.
/// </summary>
/// <param name="read">Told how many files have been read, each time one has; or null.</param>
internal sealed class HashedFiles(Action<int>? read = null)
{
    private readonly ConcurrentDictionary<string, Lazy<string>> _hashes = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>SHA-256 of a file's bytes, lower-case hexadecimal.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string Sha256(string path) =>
        _hashes.GetOrAdd(Path.GetFullPath(path), full => new Lazy<string>(() => Read(full))).Value;

    private string Read(string path)
    {
        string hash = Sha256Hex.OfFile(path);
        read?.Invoke(Interlocked.Increment(ref _count));
        return hash;
    }
}
