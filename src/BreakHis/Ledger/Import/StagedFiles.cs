using System.Buffers;
using System.Security.Cryptography;
using BreakHis.Files;
using BreakHis.Ledger.Chain;
using BreakHis.Runs;
using static System.FormattableString;

namespace BreakHis.Ledger.Import;

/// <summary>
/// The files of runs that are being imported. They wait in a private folder outside runs until the ledger has the runs.
/// If the process is killed before that, they are deleted; if it is killed later, the next command that writes to the
/// ledger puts them in their places.
/// </summary>
internal sealed class StagedFiles : IDisposable
{
    private const string Lock = "lock";

    private readonly HomeFolder _home;
    private readonly string _folder;
    private readonly FileLock _lock;
    private bool _isNeeded;

    private StagedFiles(HomeFolder home, string folder, FileLock alone) =>
        (_home, _folder, _lock) = (home, folder, alone);

    /// <summary>A database for the check of records before they are imported.</summary>
    public string Scratch => Path.Combine(_folder, "scratch.db");

    /// <summary>Creates a private folder.</summary>
    public static StagedFiles In(HomeFolder home)
    {
        string folder = Path.Combine(home.Imports, Guid.NewGuid().ToString("N"));
        return new StagedFiles(home, folder, FileLock.TryTake(Path.Combine(folder, Lock))!);
    }

    /// <summary>Copies the last versions of a run's files, as far as they exist and are not here.</summary>
    /// <exception cref="LedgerException">A file is not the recorded one, or would replace a file that no record
    /// knows.</exception>
    public void Take(string run, string from, IEnumerable<RecordedFile> files)
    {
        foreach (RecordedFile file in files)
        {
            string source = Path.Combine(from, file.Path);
            string target = _home.Run(run).File(file.Path);
            if (!RecordedFiles.IsBelowRun(file.Path))
            {
                throw Refused(from, $"run {run} names a file '{file.Path}', which no run has");
            }

            RequirePlace(target, _home.Run(run).Path);
            if (IsHere(target, file))
            {
                continue;
            }

            if (Fault(from, file) is string fault)
            {
                throw Refused(source, fault);
            }

            if (!File.Exists(source))
            {
                continue;
            }

            Copy(source, Staged(run, file.Path), file);
        }
    }

    /// <summary>
    /// Moves the files to the folders of their runs. If that fails, the next command that writes to the ledger continues.
    /// </summary>
    public void Publish()
    {
        _isNeeded = true;
        foreach (
            string staged in Directory.Exists(Runs) ? Directory.GetFiles(Runs, "*", SearchOption.AllDirectories) : []
        )
        {
            Move(staged, Path.Combine(_home.Runs, Path.GetRelativePath(Runs, staged)));
        }

        _isNeeded = false;
    }

    /// <summary>Completes imports whose process was killed after the ledger had their runs, and deletes the others.</summary>
    public static void Complete(LedgerDatabase ledger)
    {
        foreach (
            string folder in Directory.Exists(ledger.Home.Imports) ? Directory.GetDirectories(ledger.Home.Imports) : []
        )
        {
            try
            {
                if (FileLock.TryTake(Path.Combine(folder, Lock)) is { } alone)
                {
                    using var left = new StagedFiles(ledger.Home, folder, alone);
                    left.Complete(ledger, RecordChain.Names(ledger.Connection));
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new LedgerException(
                    LedgerFault.Refused,
                    $"{folder} has files of an import that cannot be moved to their runs: {e.Message}; fix that, or move the folder away",
                    e
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isNeeded)
        {
            Directory.Delete(_folder, recursive: true);
        }

        _lock.Dispose();
        try
        {
            Directory.Delete(_home.Imports);
        }
        catch (IOException)
        {
            // Another process imports too.
        }
    }

    private string Runs => Path.Combine(_folder, "runs");

    private string Staged(string run, string path) => Path.Combine(Runs, run, path);

    private void Complete(LedgerDatabase ledger, IEnumerable<string> runs)
    {
        _isNeeded = true;
        foreach (
            string run in runs.Where(run =>
                HexName.Is(run, RunFolder.IdDigits)
                && (Directory.Exists(Path.Combine(Runs, run)) || !File.Exists(RecordFile.PathOf(ledger.Home, run)))
            )
        )
        {
            // The home folder may be somebody else's, and so may be the names in its ledger.
            foreach (
                RecordedFile file in RecordedFiles
                    .Of(ledger.Connection, run)
                    .Where(file => RecordedFiles.IsBelowRun(file.Path))
            )
            {
                string staged = Staged(run, file.Path);
                if (RegularFile.Exists(staged) && Sha256Hex.OfFile(staged) == file.Last.Sha256)
                {
                    Move(staged, ledger.Home.Run(run).File(file.Path));
                }
            }

            ledger.CatchUp(run);
        }

        _isNeeded = false;
    }

    private static void Move(string staged, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(staged, target, overwrite: true);
        AtomicFile.FlushFolder(Path.GetDirectoryName(target)!);
    }

    /// <summary>Refuses a file where a folder is, or below a file.</summary>
    private static void RequirePlace(string target, string runFolder)
    {
        if (Directory.Exists(target))
        {
            throw Refused(target, "is a folder, but the imported record has a file of this name; move it away");
        }

        for (string at = Path.GetDirectoryName(target)!; at.Length > runFolder.Length; at = Path.GetDirectoryName(at)!)
        {
            if (File.Exists(at))
            {
                throw Refused(at, "is a file, but the imported record has files below it; move it away");
            }
        }
    }

    /// <summary>Returns whether the last version is here; an earlier version may be replaced by it.</summary>
    private static bool IsHere(string target, RecordedFile file)
    {
        if (!File.Exists(target))
        {
            return false;
        }

        (string, long)? version = file.Versions.Any(known => known.Bytes == new FileInfo(target).Length)
            ? (Sha256Hex.OfFile(target), new FileInfo(target).Length)
            : null;
        return version == file.Last
            || (
                version is null || !file.Versions.Contains(version.Value)
                    ? throw Refused(target, "differs from every version that the imported record knows; move it away")
                    : false
            );
    }

    private static string? Fault(string folder, RecordedFile file)
    {
        string at = folder;
        foreach (string part in file.Path.Split('/'))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
            {
                return "is a link, or below one";
            }
        }

        return Directory.Exists(at) ? "is a folder"
            : !File.Exists(at) ? null
            : !FileKind.IsRegular(at) ? FileKind.NotRegular
            : new FileInfo(at).Length != file.Last.Bytes
                ? Invariant($"has {new FileInfo(at).Length} bytes, but {file.Last.Bytes} were recorded")
            : null;
    }

    /// <summary>Copies as many bytes as were recorded, and compares their hash.</summary>
    private static void Copy(string source, string target, RecordedFile file)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(1 << 17);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AtomicFile.Write(
            target,
            stream =>
            {
                using FileStream from = File.OpenRead(source);
                long left = file.Last.Bytes;
                for (
                    int read;
                    left > 0 && (read = from.Read(piece, 0, (int)Math.Min(piece.Length, left))) > 0;
                    left -= read
                )
                {
                    hash.AppendData(piece, 0, read);
                    stream.Write(piece, 0, read);
                }
            }
        );
        ArrayPool<byte>.Shared.Return(piece);
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Last.Sha256)
        {
            throw Refused(source, "its hash is not the recorded one");
        }
    }

    private static LedgerException Refused(string path, string fault) =>
        new(LedgerFault.Refused, $"{path}: {fault}; nothing was imported");
}
