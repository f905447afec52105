using System.Globalization;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Import;

/// <summary>
/// The order of the records in a ledger that was imported. With it, the heads that the other ledger had can be computed
/// from the records that are here: what a note on an import says of them is not believed.
/// </summary>
internal static class SourceOrder
{
    /// <summary>Returns the text: one line per sequence of records of one chain, with their number.</summary>
    /// <param name="records">All records of the ledger, in order.</param>
    public static string Of(IEnumerable<SourceRecord> records)
    {
        List<(string Chain, int Count)> sequences = [];
        foreach (string chain in records.Select(record => record.Run))
        {
            if (sequences is [.., var last] && last.Chain == chain)
            {
                sequences[^1] = (chain, last.Count + 1);
            }
            else
            {
                sequences.Add((chain, 1));
            }
        }

        return string.Join('\n', sequences.Select(part => Invariant($"{part.Chain} {part.Count}")));
    }

    /// <summary>Returns whether records that were imported from a ledger give a head of it.</summary>
    public static bool Gives(SqliteConnection connection, KnownHead head) =>
        ImportNote
            .All(connection)
            .Any(note => note.Import.Ledger == head.Ledger && HeadAt(connection, note, head.Records) == head.Hash);

    /// <summary>Returns a head of the ledger that was imported; null if the records here do not give one.</summary>
    /// <param name="records">The number of records up to the head.</param>
    public static string? HeadAt(SqliteConnection connection, ImportNote note, long records) =>
        records == 0
            ? RecordLine.None
            : Heads(connection, note)
                .Where(at => at.Head.Records == records)
                .Select(at => at.Head.Head)
                .FirstOrDefault();

    /// <summary>Returns where another ledger was at a record of a run; null if the records here do not show it.</summary>
    /// <param name="ledger">The ID of the other ledger.</param>
    public static LedgerHead? HeadOf(SqliteConnection connection, string ledger, string run, long record) =>
        ImportNote
            .All(connection)
            .Where(note => note.Import.Ledger == ledger)
            .SelectMany(note => Heads(connection, note).Where(at => at.Chain == run && at.Record == record))
            .Select(at => at.Head)
            .LastOrDefault();

    /// <summary>Returns whether another ledger names a run in its own records: it was imported there too.</summary>
    public static bool Imported(SqliteConnection connection, string ledger, string run) =>
        ImportNote
            .All(connection)
            .Where(note => note.Import.Ledger == ledger)
            .SelectMany(note => note.Lines(ImportNote.SourceNotes))
            .Any(line => line.Contains(run, StringComparison.Ordinal));

    /// <summary>Returns the heads of the other ledger, one for each record, as far as the records are here.</summary>
    private static IEnumerable<(string Chain, int Record, LedgerHead Head)> Heads(
        SqliteConnection connection,
        ImportNote note
    )
    {
        var chains = new Dictionary<string, string[]>(StringComparer.Ordinal) { [LedgerNote.Ledger] = OwnHashes(note) };
        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        (string head, long number) = (RecordLine.None, 0);
        foreach (string chain in Sequence(note))
        {
            if (!chains.TryGetValue(chain, out string[]? hashes))
            {
                hashes = [.. RecordChain.Of(connection, chain).Select(entry => entry.Hash)];
                chains[chain] = hashes;
            }

            int record = next.GetValueOrDefault(chain);
            if (record >= hashes.Length)
            {
                yield break;
            }

            next[chain] = record + 1;
            head = RecordLine.Head(head, hashes[record], ++number, record, chain);
            yield return (chain, record, new LedgerHead(note.Import.Ledger, number, head));
        }
    }

    /// <summary>Returns the chain of each record.</summary>
    private static IEnumerable<string> Sequence(ImportNote note)
    {
        foreach (string[] line in note.Lines(ImportNote.SourceOrder).Select(line => line.Split(' ')))
        {
            if (
                line.Length != 2
                || !int.TryParse(line[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            )
            {
                yield break;
            }

            for (int i = 0; i < count; i++)
            {
                yield return line[0];
            }
        }
    }

    /// <summary>
    /// Returns the hashes of the other ledger's own records; none unless each follows from the previous one and the first
    /// has the ledger's ID.
    /// </summary>
    private static string[] OwnHashes(ImportNote note)
    {
        List<string> hashes = [];
        foreach (string text in note.Lines(ImportNote.SourceNotes))
        {
            if (RecordFileLine.Parse(text) is not { IsAsHashed: true } line || !Follows(line, hashes, note))
            {
                return [];
            }

            hashes.Add(line.Hash);
        }

        return [.. hashes];
    }

    private static bool Follows(RecordFileLine line, List<string> hashes, ImportNote note)
    {
        try
        {
            var content = RecordContent.Parse(ImportNote.SourceNotes, line.Text);
            return (content.Run, content.Record, content.Before)
                    == (LedgerNote.Ledger, hashes.Count, hashes is [.., var last] ? last : RecordLine.None)
                && (hashes.Count > 0 || content.NoteOf(LedgerNote.Id) == note.Import.Ledger);
        }
        catch (LedgerException)
        {
            return false;
        }
    }
}
