using System.Text;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>What a record file contains.</summary>
/// <param name="Lines">The lines, with null for invalid ones; null if there is no readable file.</param>
/// <param name="Fault">Why the file cannot be read; null if it can, or is missing.</param>
internal sealed record RecordFileLines(IReadOnlyList<RecordFileLine?>? Lines, string? Fault);

/// <summary>Checks the record file of a run against the ledger.</summary>
internal static class RecordFileCheck
{
    private const string Name = "record file";

    // Somebody could append a line end a billion times.
    private const int MostSurplus = 100;

    /// <summary>Returns the file's lines.</summary>
    /// <param name="files">The lengths up to which to read files.</param>
    /// <param name="records">The number of records in the ledger; little more than as many lines are read.</param>
    public static RecordFileLines Lines(string path, RecordFiles files, int records)
    {
        try
        {
            return files.Lengths.TryGetValue(path, out long length)
                ? new(
                    [.. RecordFile.Lines(path, length).Take(records + MostSurplus).Select(RecordFileLine.Parse)],
                    null
                )
                : new(null, Unreadable(path));
        }
        catch (LedgerException e)
        {
            return new(null, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(null, Unreadable(path));
        }
        catch (DecoderFallbackException)
        {
            return new([null], null);
        }
    }

    /// <summary>Compares a file with the records.</summary>
    /// <param name="run">The run; null for the ledger's own file.</param>
    /// <param name="file">The content of the file.</param>
    public static IEnumerable<AuditEntry> Of(
        string? run,
        string path,
        RecordFileLines file,
        IReadOnlyList<RecordEntry> records
    )
    {
        if (file.Fault is string fault)
        {
            return [CheckResult.Fail(fault).As(AuditLevel.Record, Name, run)];
        }

        if (file.Lines is not { } lines)
        {
            return
            [
                CheckResult
                    .Inconclusive($"{path} is missing: the run cannot be recovered from its folder")
                    .As(AuditLevel.Record, Name, run),
            ];
        }

        IEnumerable<AuditEntry> checks = CheckResult
            .Of(Differences(path, lines, records), "every line matches the ledger")
            .As(AuditLevel.Record, Name, run);
        return lines.Count < records.Count
            ? checks.Append(
                CheckResult
                    .Inconclusive(
                        Invariant(
                            $"{path} lacks the last {records.Count - lines.Count} of {records.Count} records: a process is writing them or was killed before it could, or lines were cut off; the next write adds them"
                        )
                    )
                    .As(AuditLevel.Record, Name, run)
            )
            : checks;
    }

    private static IEnumerable<string> Differences(
        string path,
        IReadOnlyList<RecordFileLine?> lines,
        IReadOnlyList<RecordEntry> records
    )
    {
        foreach ((int i, RecordFileLine? line) in lines.Index())
        {
            string at = Invariant($"{path}, line {i + 1}");
            if (line is null || !line.IsAsHashed)
            {
                yield return $"{at}: was edited: the hash does not match";
            }
            else if (i >= records.Count)
            {
                yield return Invariant(
                    $"{at}: the ledger does not have this record (formerly number {line.Number}): the ledger was cut off or replaced by an older copy; rebuild it with 'dotnet breakhis ledger rebuild'"
                );
            }
            else if ((line.Hash, line.Head, line.Number) != (records[i].Hash, records[i].Head, records[i].Number))
            {
                yield return $"{at}: differs from {ChainCheck.Place(records[i])} in the ledger: one of the two was edited";
            }
        }
    }

    private static string? Unreadable(string path) =>
        Path.Exists(path) && !FileKind.IsRegular(path)
            ? $"{path} cannot be read as the run's records: it is {FileKind.NotRegular}"
            : null;
}
