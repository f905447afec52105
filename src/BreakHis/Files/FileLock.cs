namespace BreakHis.Files;

/// <summary>
/// A file that one process at a time holds locked. The system lets go of it when the process ends, however it ends, so
/// that no lock outlives a kill. The file stays; only its lock says anything.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, and waits where another process holds it.</summary>
    /// <param name="path">The file; it and its folder are made.</param>
    /// <param name="waits">Called once where there is something to wait for.</param>
    /// <exception cref="OperationCanceledException">The waiting was ended.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be made.</exception>
    public static async Task<FileLock> Take(string path, Action waits, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(waits);
        FileLock? held = TryTake(path);
        if (held is null)
        {
            waits();
        }

        while (held is null)
        {
            await Task.Delay(Between, cancellation).ConfigureAwait(false);
            held = TryTake(path);
        }

        return held;
    }

    /// <summary>Takes the lock, or gives null where another process holds it.</summary>
    /// <param name="path">The file; it and its folder are made.</param>
    public static FileLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    internal static bool IsHeld(IOException e) => e.HResult is 11 or 35 || e.HResult == unchecked((int)0x80070020);
}
