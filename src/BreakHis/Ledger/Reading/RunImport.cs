using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace BreakHis.Ledger.Reading;

/// <summary>The import with which a run, or part of it, came from another ledger.</summary>
/// <param name="At">UTC, ISO 8601 with seconds and Z.</param>
/// <param name="From">The folder, as the user named it.</param>
/// <param name="Ledger">The ID of the other ledger, or null if some of its records were missing.</param>
internal sealed record RunImport(string At, string From, string? Ledger)
{
    /// <summary>The kind of the ledger's note on an import.</summary>
    public const string Kind = "imported";

    /// <summary>The entry of such a note with the imported runs, one <see cref="RunLine"/> per line.</summary>
    public const string Runs = "runs";

    /// <summary>The entry with the folder.</summary>
    public const string Source = "source";

    /// <summary>The entry with the number of records of the other ledger, if all of them were present.</summary>
    public const string SourceRecords = "source_records";

    /// <summary>The entry with the head of the other ledger, if all of its records were present.</summary>
    public const string SourceHead = "source_head";

    /// <summary>The entry with the other ledger's own records, one line each.</summary>
    public const string SourceNotes = "source_notes";

    /// <summary>Returns a line of the entry with the imported runs.</summary>
    /// <param name="id">The run.</param>
    /// <param name="records">The number of its records in the other ledger.</param>
    /// <param name="hash">The hash of the last of them.</param>
    public static string RunLine(string id, int records, string hash) => Invariant($"{id} {records} {hash}");

    private static string RunOf(string line) => line.Split(' ')[0];

    /// <summary>Returns the last import of each imported run.</summary>
    public static IReadOnlyDictionary<string, RunImport> All(SqliteConnection connection)
    {
        var imports = new Dictionary<string, RunImport>(StringComparer.Ordinal);
        foreach (
            LedgerNote note in Writing.NoteStore.Of(connection, LedgerNote.Ledger).Where(note => note.Kind == Kind)
        )
        {
            string? Entry(string name) => note.Entries.GetValueOrDefault(name);
            var import = new RunImport(Entry(LedgerNote.At) ?? "", Entry(Source) ?? "", Entry(LedgerNote.SourceId));
            foreach (string line in (Entry(Runs) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                imports[RunOf(line)] = import;
            }
        }

        return imports;
    }
}
