using System.Collections.Concurrent;
using BreakHis.Files;

namespace BreakHis.Audit.Artifacts;

/// <summary>SHA-256 of files, each file read once, even if several runs share it. Thread-safe.</summary>
/// <param name="read">Called with the number of files read so far, after each one; or null.</param>
internal sealed class HashedFiles(Action<int>? read = null)
{
    private readonly ConcurrentDictionary<string, Lazy<string>> _hashes = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>Returns the SHA-256 of a file's bytes, lower-case hexadecimal.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public string Sha256(string path) =>
        _hashes.GetOrAdd(Path.GetFullPath(path), full => new Lazy<string>(() => Read(full))).Value;

    private string Read(string path)
    {
        string hash = Sha256Hex.OfFile(path);
        Advance();
        return hash;
    }

    /// <summary>Counts a file, or an image that was drawn instead of read.</summary>
    public void Advance() => read?.Invoke(Interlocked.Increment(ref _count));
}
