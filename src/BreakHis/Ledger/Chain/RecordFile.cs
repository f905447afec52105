using System.Text;
using BreakHis.Files;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Chain;

/// <summary>
/// The record file of a chain, next to the run's other files. It has one line per record, and the ledger can be rebuilt
/// from it. The database is authoritative: a line is appended after its record is committed. If a process is killed in
/// between, the next write appends the line.
/// </summary>
internal static class RecordFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(5);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Returns the path of a chain's record file.</summary>
    public static string PathOf(HomeFolder home, string chain) =>
        chain == LedgerNote.Ledger ? home.LedgerRecords : home.Run(chain).File(RunFolder.Records);

    /// <summary>Returns the lines of a file, without an incomplete last line.</summary>
    /// <param name="most">The maximum number of bytes to read.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="LedgerException">The file or a line is too long.</exception>
    /// <exception cref="DecoderFallbackException">The file is not text.</exception>
    public static IEnumerable<string> Lines(string path, long most = long.MaxValue) =>
        Lines(path, RecordLimits.Default, most).Select(line => Text(line.Bytes));

    /// <summary>Returns the lines of a file with their positions, one at a time in memory.</summary>
    /// <param name="most">The maximum number of bytes to read.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="LedgerException">The file or a line is too long.</exception>
    public static IEnumerable<(long At, byte[] Bytes)> Lines(
        string path,
        RecordLimits limits,
        long most = long.MaxValue
    )
    {
        using FileStream file = Opened(path);
        long length = Math.Min(file.Length, most);
        limits.RequireFile(path, length);
        byte[] block = new byte[64 << 10];
        using var line = new MemoryStream();
        (long at, int number) = (0, 1);
        for (long start = 0; start < length; start += block.Length)
        {
            int read = (int)Math.Min(block.Length, length - start);
            file.ReadExactly(block, 0, read);
            for (int from = 0, end; from < read; from = end + 1)
            {
                int found = block.AsSpan(from, read - from).IndexOf((byte)'\n');
                end = found < 0 ? read : from + found;
                line.Write(block, from, end - from);
                limits.RequireLine(path, number, line.Length);
                if (found >= 0)
                {
                    yield return (at, line.ToArray());
                    (at, number) = (start + end + 1, number + 1);
                    line.SetLength(0);
                }
            }
        }
    }

    /// <summary>Returns the text of a line that was read before.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="DecoderFallbackException">The line is not text.</exception>
    public static string LineAt(string path, long at, int bytes)
    {
        using FileStream file = Opened(path);
        byte[] line = new byte[bytes];
        file.Position = at;
        file.ReadExactly(line);
        return Text(line);
    }

    /// <summary>Returns a line as text.</summary>
    /// <exception cref="DecoderFallbackException">It is not text.</exception>
    public static string Text(byte[] line) => Utf8.GetString(line);

    /// <summary>Returns whether the file exists, its last line is complete, and no process is writing to it.</summary>
    public static bool IsWhole(string path)
    {
        try
        {
            using FileStream file = Opened(path);
            return file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() == '\n';
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException || FileLock.IsHeld(e))
        {
            return false;
        }
    }

    /// <summary>
    /// Appends the lines that are in the ledger but not in the file, and cuts off an incomplete last line.
    /// </summary>
    /// <exception cref="LedgerException">The file contains records that the ledger does not have.</exception>
    public static void CatchUp(SqliteConnection connection, HomeFolder home, string chain)
    {
        string path = PathOf(home, chain);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        FileKind.RequireNoLink(folder);
        FileKind.RequireNoLink(path);
        using FileStream file = Locked(path);
        bool isNew = file.Length == 0;
        long next = NextAfter(connection, path, file, chain);
        foreach (RecordFileLine line in Lines(connection, chain, next))
        {
            file.Write(Utf8.GetBytes(line + "\n"));
        }

        // Uses the same durability as the database.
        if (connection.Scalar<long>("PRAGMA synchronous") >= 2)
        {
            file.Flush(flushToDisk: true);
            if (isNew)
            {
                AtomicFile.FlushFolder(folder);
                AtomicFile.FlushFolder(Path.GetDirectoryName(folder)!);
            }
        }
    }

    /// <summary>Returns the lines of a chain as the ledger has them.</summary>
    /// <exception cref="LedgerException">Rows differ from what was recorded.</exception>
    public static IEnumerable<RecordFileLine> Lines(SqliteConnection connection, string chain, long from = 0)
    {
        string before = RecordChain.HashOf(connection, chain, from - 1);
        List<RecordEntry> entries = RecordChain.Of(connection, chain, from);
        ILookup<long, RecordRow> rows = (
            entries.Count == 1 ? RecordRows.Of(connection, chain, from) : RecordRows.Of(connection, chain)
        ).ToLookup(row => row.Record);
        foreach (RecordEntry entry in entries)
        {
            string text = RecordLine.Of(before, entry.Kind, entry.Record, chain, rows[entry.Record]);
            var line = new RecordFileLine(entry.Number, entry.Hash, entry.Head, text);
            yield return line.IsAsHashed
                ? line
                : throw new LedgerException(
                    LedgerFault.Damaged,
                    $"record {entry.Record} of run {chain} has changed since it was recorded; 'dotnet breakhis ledger verify' shows where"
                );
            before = entry.Hash;
        }
    }

    /// <summary>Returns the record after the file's last line, and leaves the file positioned for appending.</summary>
    private static long NextAfter(SqliteConnection connection, string path, FileStream file, string chain)
    {
        RecordLimits.Default.RequireFile(path, file.Length);
        long end = LineEndBefore(file, file.Length) + 1;
        if (end == 0 && !IsBeginning(file))
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{path} is not a record file; move it away, and run the command again"
            );
        }

        long next = end == 0 ? 0 : RecordAfter(connection, chain, HashBefore(file, end));
        if (next < 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{path} ends with a record that the ledger does not have; compare them with 'dotnet breakhis ledger verify', or rebuild the ledger from such files with 'dotnet breakhis ledger rebuild'"
            );
        }

        // Only now is it known that the file is the one to write.
        file.SetLength(end);
        file.Position = end;
        return next;
    }

    private static long RecordAfter(SqliteConnection connection, string chain, string hash) =>
        connection
            .Query(
                "SELECT record + 1 FROM records WHERE run_id = $1 AND hash = $2",
                row => row.GetInt64(0),
                chain,
                hash
            )
            .FirstOrDefault(-1);

    /// <summary>Whether a file is empty or begins as a record file does.</summary>
    private static bool IsBeginning(FileStream file)
    {
        byte[] expected = Utf8.GetBytes(RecordFileLine.FirstCharacters);
        byte[] found = new byte[Math.Min(file.Length, expected.Length)];
        file.Position = 0;
        file.ReadExactly(found);
        return expected.AsSpan().StartsWith(found);
    }

    /// <summary>
    /// Returns the hash in the last line of a file; "" if it is no record, or the file is too long; null if there is no
    /// such line, or the file cannot be read.
    /// </summary>
    public static string? LastHash(string path)
    {
        try
        {
            using FileStream file = Opened(path);
            if (file.Length > RecordLimits.Default.File)
            {
                return "";
            }

            long end = LineEndBefore(file, file.Length) + 1;
            return end == 0 ? null : HashBefore(file, end);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string HashBefore(FileStream file, long end)
    {
        long start = LineEndBefore(file, end - 1) + 1;
        if (end - start > RecordLimits.Default.Line)
        {
            return "";
        }

        byte[] bytes = new byte[end - 1 - start];
        file.Position = start;
        file.ReadExactly(bytes);
        return RecordFileLine.Parse(Encoding.UTF8.GetString(bytes))?.Hash ?? "";
    }

    /// <summary>Returns the position of the last line end before a position, or -1.</summary>
    private static long LineEndBefore(FileStream file, long end)
    {
        byte[] buffer = new byte[64 << 10];
        while (end > 0)
        {
            long start = Math.Max(0, end - buffer.Length);
            Span<byte> part = buffer.AsSpan(0, (int)(end - start));
            file.Position = start;
            file.ReadExactly(part);
            int found = part.LastIndexOf((byte)'\n');
            if (found >= 0)
            {
                return start + found;
            }

            end = start;
        }

        return -1;
    }

    private static FileStream Opened(string path)
    {
        FileKind.RequireRegular(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
    }

    private static FileStream Locked(string path)
    {
        FileKind.RequireRegular(path);
        DateTime giveUp = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (FileLock.IsHeld(e) && DateTime.UtcNow < giveUp)
            {
                Thread.Sleep(Between);
            }
        }
    }
}
