using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>An import with which a run, or part of it, came from another ledger.</summary>
/// <param name="At">UTC, ISO 8601 with seconds and Z.</param>
/// <param name="From">The folder, as the user named it.</param>
/// <param name="Ledger">The ID of the other ledger, or null if some of its records were missing.</param>
internal sealed record RunImport(string At, string From, string? Ledger);

/// <summary>The imports of a run.</summary>
/// <param name="Result">The last one that brought more than notes, or null: then the run was made in this ledger.</param>
/// <param name="Notes">The last one that brought notes only, or null.</param>
internal sealed record RunImports(RunImport? Result, RunImport? Notes)
{
    private static readonly RunImports None = new(null, null);

    /// <summary>Returns the imports of each imported run.</summary>
    public static IReadOnlyDictionary<string, RunImports> All(SqliteConnection connection)
    {
        var imports = new Dictionary<string, RunImports>(StringComparer.Ordinal);
        foreach (ImportNote note in ImportNote.All(connection))
        {
            foreach (ImportedRun run in note.Runs)
            {
                RunImports before = imports.GetValueOrDefault(run.Id) ?? None;
                imports[run.Id] = run.HasResult(connection)
                    ? before with
                    {
                        Result = note.Import,
                    }
                    : before with
                    {
                        Notes = note.Import,
                    };
            }
        }

        return imports;
    }
}
