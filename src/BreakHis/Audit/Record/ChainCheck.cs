using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Runs;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Audit.Record;

/// <summary>Checks the rows of a run, or of the ledger's notes, against the hashes of their records.</summary>
internal static class ChainCheck
{
    private const string Name = "chain";

    /// <summary>Returns the check.</summary>
    /// <param name="chain">The run, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <param name="records">The chain's records, in order.</param>
    /// <param name="lines">The lines of its record file, if it has one.</param>
    public static IEnumerable<AuditEntry> Of(
        string chain,
        IReadOnlyList<RecordEntry> records,
        IReadOnlyList<RecordRow> rows,
        IReadOnlyList<RecordFileLine?> lines
    ) =>
        CheckResult
            .Of(
                Faults(chain, records, rows, lines),
                Invariant(
                    $"{Plural.Of(rows.Count, "row matches", "rows match")} the hashes of {Plural.Of(records.Count, "record")}"
                )
            )
            .As(AuditLevel.Record, Name, chain == LedgerNote.Ledger ? null : chain);

    /// <summary>Returns the check that replaces all others of a run whose name is no ID; none if it is one.</summary>
    public static IReadOnlyList<AuditEntry> OfId(string run) =>
        HexName.Is(run, RunFolder.IdDigits)
            ? []
            :
            [
                CheckResult
                    .Fail("its name is not the ID of a run: the records were made by hand")
                    .As(AuditLevel.Record, Name, run),
            ];

    /// <summary>Returns number, run and record as text.</summary>
    public static string Place(RecordEntry entry) =>
        Invariant($"records, number {entry.Number} (record {entry.Record} of run {entry.Run}, {entry.Kind})");

    /// <summary>Returns that a row belongs to no record, as text.</summary>
    public static string NoRecord(string run, RecordRow row) =>
        Invariant(
            $"run {run}: {RowDiff.Place(row)}: belongs to record {row.Record}, which is missing: the row was inserted or moved, or the record deleted"
        );

    private static IEnumerable<string> Faults(
        string run,
        IReadOnlyList<RecordEntry> records,
        IReadOnlyList<RecordRow> rows,
        IReadOnlyList<RecordFileLine?> lines
    )
    {
        ILookup<long, RecordRow> rowsOf = rows.ToLookup(row => row.Record);
        long expected = 0;
        (string stored, string computed) = (RecordLine.None, RecordLine.None);
        foreach (RecordEntry entry in records)
        {
            bool gap = entry.Record != expected;
            if (gap)
            {
                yield return Invariant(
                    $"records: record {expected} of run {run} is missing or was moved; the next is {Place(entry)}"
                );
            }

            RecordRow[] own = [.. rowsOf[entry.Record]];
            string Hash(string before) => Sha256Hex.OfText(RecordLine.Of(before, entry.Kind, entry.Record, run, own));
            string hash = Hash(stored);
            bool fits = entry.Hash == hash || (stored != computed && entry.Hash == Hash(computed));
            bool marked = entry.Marks == RecordLine.Marks(own);
            if (!fits || !marked)
            {
                foreach (string what in Named(entry, own, fits, marked, gap, Recorded(lines, entry)))
                {
                    yield return what;
                }
            }

            (stored, computed) = (entry.Hash, fits ? entry.Hash : hash);
            expected = entry.Record + 1;
        }

        HashSet<long> known = [.. records.Select(entry => entry.Record)];
        foreach (RecordRow row in rows.Where(row => !known.Contains(row.Record)))
        {
            yield return NoRecord(run, row);
        }
    }

    private static IEnumerable<string> Named(
        RecordEntry entry,
        RecordRow[] rows,
        bool fits,
        bool marked,
        bool gap,
        RecordFileLine? line
    )
    {
        if (fits)
        {
            return [$"{Place(entry)}: marks were edited: the rows match the recorded hash"];
        }

        string at = Invariant($"run {entry.Run}, record {entry.Record} ({entry.Kind})");
        IEnumerable<string> differing =
            line is not null ? RowDiff.ByLine(line.Text, rows)
            : marked ? []
            : RowDiff.ByMarks(entry.Marks, rows);
        string[] named = [.. differing.Select(what => $"{at}: {what}")];
        return named.Length > 0 ? named
            : gap ? []
            : [$"{Place(entry)}: kind, hash, run_id or record was edited: the rows match the marks but not the hash"];
    }

    /// <summary>Returns the record file's line for a record, if it still has the recorded hash.</summary>
    private static RecordFileLine? Recorded(IReadOnlyList<RecordFileLine?> lines, RecordEntry entry) =>
        entry.Record >= 0
        && entry.Record < lines.Count
        && lines[(int)entry.Record] is { } line
        && line.Hash == entry.Hash
        && line.IsAsHashed
            ? line
            : null;
}
