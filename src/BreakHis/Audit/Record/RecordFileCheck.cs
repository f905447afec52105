using System.Text;
using BreakHis.Files;
using BreakHis.Ledger.Chain;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks the record file of a run against the ledger.</summary>
internal static class RecordFileCheck
{
    private const string Name = "record file";

    /// <summary>Returns the file's lines, with null for invalid lines; null if there is no readable file.</summary>
    /// <param name="files">The lengths up to which to read files.</param>
    public static IReadOnlyList<RecordFileLine?>? Lines(string path, RecordFiles files)
    {
        try
        {
            return files.Lengths.TryGetValue(path, out long length)
                ? [.. RecordFile.Lines(path, length).Select(RecordFileLine.Parse)]
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        catch (DecoderFallbackException)
        {
            return [null];
        }
    }

    /// <summary>Compares a file with the records.</summary>
    /// <param name="run">The run; null for the ledger's own file.</param>
    public static IEnumerable<AuditEntry> Of(
        string? run,
        string path,
        IReadOnlyList<RecordFileLine?>? lines,
        IReadOnlyList<RecordEntry> records
    )
    {
        if (lines is null && Unreadable(path) is string why)
        {
            return CheckResult
                .Of([$"{path} cannot be read as the run's records: it is {why}"], "")
                .As(AuditLevel.Record, Name, run);
        }

        if (lines is null)
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
        !Path.Exists(path) ? null
        : !FileKind.IsRegular(path) ? FileKind.NotRegular
        : new FileInfo(path).Length > RecordFile.LongestFile
            ? Invariant($"longer than {RecordFile.LongestFile >> 20} MB, which no run of this tool writes")
        : null;
}
