namespace BreakHis.Files;

/// <summary>
/// A file lock that one process at a time can own. The operating system releases it when the process ends, even if the
/// process is killed, so no lock is left behind. The file itself remains and means nothing.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Acquires the lock, waiting if another process has it.</summary>
    /// <param name="path">The file; it and its folder are created if necessary.</param>
    /// <param name="waits">Called once if there is something to wait for.</param>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
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

    /// <summary>Acquires the lock, or returns null if another process has it.</summary>
    /// <param name="path">The file; it and its folder are created if necessary.</param>
    public static FileLock? TryTake(string path)
    {
        Prepare(path);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Acquires the lock together with others that share it, or returns null if a process has it alone.
    /// </summary>
    /// <param name="path">The file; it and its folder are created if necessary.</param>
    public static FileLock? TryShare(string path)
    {
        Prepare(path);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read));
        }
        catch (IOException e) when (IsHeld(e))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileKind.RequireRegular(path);
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException($"{path}: is a link; delete it, because a lock would be created where it leads");
        }
    }

    /// <summary>EWOULDBLOCK on Linux and macOS, ERROR_SHARING_VIOLATION on Windows.</summary>
    internal static bool IsHeld(IOException e) => e.HResult is 11 or 35 || e.HResult == unchecked((int)0x80070020);
}
