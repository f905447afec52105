using System.Globalization;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Writing;
using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Reading;

/// <summary>The ledger's note on an import. Another program can write anything there, so nothing in it is trusted.</summary>
/// <param name="Record">Its record in the ledger's own chain.</param>
/// <param name="Import">When and from where the runs came.</param>
/// <param name="Entries">The note's names and values.</param>
internal sealed record ImportNote(long Record, RunImport Import, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>The kind of such a note.</summary>
    public const string Kind = "imported";

    /// <summary>The entry with the imported runs, one <see cref="ImportedRun"/> per line.</summary>
    public const string RunLines = "runs";

    /// <summary>The entry with the folder.</summary>
    public const string Source = "source";

    /// <summary>The entry with the number of records of the other ledger, if all of them were present.</summary>
    public const string SourceRecords = "source_records";

    /// <summary>The entry with the head of the other ledger, if all of its records were present.</summary>
    public const string SourceHead = "source_head";

    /// <summary>The entry with the other ledger's own records, one line each.</summary>
    public const string SourceNotes = "source_notes";

    /// <summary>The entry with the order of the other ledger's records, if all of them were present.</summary>
    public const string SourceOrder = "source_order";

    /// <summary>The imported runs.</summary>
    public IReadOnlyList<ImportedRun> Runs { get; } = [.. LinesOf(Entries, RunLines).Select(ImportedRun.Read)];

    /// <summary>The head of the other ledger, as the note says; null if it does not.</summary>
    public LedgerHead? SourceLedger =>
        Entries.GetValueOrDefault(SourceHead) is string head
        && long.TryParse(
            Entries.GetValueOrDefault(SourceRecords),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long records
        )
            ? new LedgerHead(Import.Ledger, records, head)
            : null;

    /// <summary>Returns the lines of an entry; none if there is no such entry.</summary>
    public IReadOnlyList<string> Lines(string name) => LinesOf(Entries, name);

    private static string[] LinesOf(IReadOnlyDictionary<string, string> entries, string name) =>
        (entries.GetValueOrDefault(name) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns the ledger's notes on imports, in order.</summary>
    public static IReadOnlyList<ImportNote> All(SqliteConnection connection) =>
        [.. NoteStore.Of(connection, LedgerNote.Ledger).Where(note => note.Kind == Kind).Select(Read)];

    private static ImportNote Read(LedgerNote note)
    {
        string? Entry(string name) => note.Entries.GetValueOrDefault(name);
        var import = new RunImport(Entry(LedgerNote.At) ?? "", Entry(Source) ?? "", Entry(LedgerNote.SourceId));
        return new ImportNote(note.Record, import, note.Entries);
    }
}

/// <summary>A run in an import.</summary>
/// <param name="Records">The number of its records in the other ledger.</param>
/// <param name="Hash">The hash of the last of them.</param>
/// <param name="First">The first of its records that was imported; 0 if the run came as a whole, or if the note, of an
/// earlier build, does not say.</param>
internal sealed record ImportedRun(string Id, long Records, string Hash, long First)
{
    /// <summary>The line in the note.</summary>
    public string Line => Invariant($"{Id} {Records} {Hash} {First}");

    /// <summary>Reads a line; what it lacks is empty or 0.</summary>
    public static ImportedRun Read(string line)
    {
        string[] parts = [.. line.Split(' '), "", "", ""];
        return new ImportedRun(parts[0], Number(parts[1]), parts[2], Number(parts[3]));
    }

    /// <summary>Returns the parts of a run that were imported.</summary>
    public static IReadOnlyList<ImportedRun> Parts(SqliteConnection connection, string run) =>
        [.. ImportNote.All(connection).SelectMany(note => note.Runs).Where(part => part.Id == run)];

    /// <summary>Returns whether a record of the run was imported.</summary>
    public bool Has(long record) => record >= First && record < Records;

    /// <summary>
    /// Returns whether more than notes came: the run's first record, or records of its states, scores and files.
    /// </summary>
    public bool HasResult(SqliteConnection connection)
    {
        for (long record = First; First > 0 && record < Records; record++)
        {
            List<RecordRow> rows = RecordRows.Of(connection, Id, record);
            if (rows.Count == 0 || rows.Exists(row => row.Table.Name != RecordContent.Notes))
            {
                return true;
            }
        }

        return First <= 0;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
