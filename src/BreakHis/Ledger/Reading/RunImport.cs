using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>The import with which a run, or part of it, came from another ledger.</summary>
/// <param name="At">UTC, ISO 8601 with seconds and Z.</param>
/// <param name="From">The folder, as the user named it.</param>
/// <param name="Ledger">The ID of the other ledger, or null if some of its records were missing.</param>
internal sealed record RunImport(string At, string From, string? Ledger)
{
    /// <summary>The kind of the ledger's note on an import.</summary>
    public const string Kind = "imported";

    /// <summary>The entry of such a note with the imported runs: ID, number of records and last hash, one per line.</summary>
    public const string Runs = "runs";

    /// <summary>The entry with the folder.</summary>
    public const string Source = "source";

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
                imports[line.Split(' ')[0]] = import;
            }
        }

        return imports;
    }
}
