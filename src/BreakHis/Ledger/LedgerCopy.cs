using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Ledger;

/// <summary>
/// A private copy of a ledger and its log. SQLite may merge the log into the file even for a reader, so a ledger that
/// must stay as it is, or that is on read-only media, is read from a copy.
/// </summary>
internal sealed class LedgerCopy : IDisposable
{
    private const int Attempts = 50;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    // SQLite creates its -shm file again from the log.
    private static readonly string[] Parts = ["", LedgerFiles.Log, LedgerFiles.Journal];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("breakhis-ledger-");

    private LedgerCopy() { }

    /// <summary>The copied file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "ledger.db");

    /// <summary>Copies a ledger as it is at one moment, while other processes may write to it.</summary>
    /// <param name="path">The absolute path of an existing file.</param>
    /// <exception cref="IOException">A file cannot be read, or there is no space for the copy.</exception>
    /// <exception cref="LedgerException">The ledger changed during every attempt.</exception>
    public static LedgerCopy Of(string path)
    {
        // SQLite's log is beside the file itself, not beside a link to it.
        path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var copy = new LedgerCopy();
        try
        {
            for (int attempt = 0; attempt < Attempts; attempt++)
            {
                if (copy.Take(path))
                {
                    return copy;
                }

                Thread.Sleep(Between);
            }

            throw new LedgerException(
                LedgerFault.Locked,
                $"{path} is being written to all the time; try again when the run has ended"
            );
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private bool Take(string path)
    {
        FileState[] before = [.. Parts.Select(part => FileState.Of(path + part))];
        RequireSpace(path, FileSizes.Sum(before.Select(file => file.Bytes)));
        foreach ((string part, FileState file) in Parts.Zip(before))
        {
            File.Delete(Path + part);
            if (file.Exists)
            {
                Copy(path + part, Path + part);
            }
        }

        return before.SequenceEqual(Parts.Select(part => FileState.Of(path + part)));
    }

    private void RequireSpace(string path, long bytes)
    {
        if (new DriveInfo(_folder.FullName).AvailableFreeSpace is long free && free < bytes)
        {
            throw new IOException(
                $"{path} must be copied before it is read, but {_folder.Parent} has {Digits.Grouped(free)} of {Digits.Grouped(bytes)} bytes free; set TMPDIR to another folder"
            );
        }
    }

    private static void Copy(string from, string to)
    {
        FileKind.RequireRegular(from);
        // Not File.Copy, which also copies that the file is read-only.
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.CreateNew);
        source.CopyTo(target);
    }

    /// <summary>What shows that a file was written to.</summary>
    private sealed record FileState(bool Exists, long Bytes, DateTime WrittenAt)
    {
        public static FileState Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists
                ? new FileState(true, file.Length, file.LastWriteTimeUtc)
                : new FileState(false, 0, default);
        }
    }
}
