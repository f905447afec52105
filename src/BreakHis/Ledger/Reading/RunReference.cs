using System.Globalization;
using BreakHis.Specs.Problems;
using BreakHis.Wording;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger.Reading;

/// <summary>Resolves a reference to a run.</summary>
internal static class RunReference
{
    /// <param name="hidden">The runs in quarantine.</param>
    public static string Resolve(SqliteConnection connection, string reference, IReadOnlySet<string> hidden)
    {
        RunList list = RunReader.List(connection, new RunFilter(), hidden);
        IReadOnlyList<RunSummary> runs = list.Runs;
        if (Unlisted(list, reference) is string unlisted)
        {
            return unlisted;
        }

        if (runs.Count == 0)
        {
            throw Unknown(
                list.Quarantined.Count + list.Malformed.Count == 0
                    ? $"no run '{reference}': the ledger has no runs yet"
                    : $"no run '{reference}': every run of the ledger is in quarantine or malformed; 'dotnet breakhis list' names them"
            );
        }

        return reference.StartsWith('@')
            ? AtPosition(runs, reference)
            : runs.FirstOrDefault(run => run.Id == reference)?.Id
                ?? (Named(connection, reference, hidden) is [var last, ..] ? last : Prefixed(runs, reference));
    }

    /// <summary>Returns the ID of a run with a malformed record, so that it can be checked.</summary>
    private static string? Unlisted(RunList list, string reference)
    {
        bool IsMeant(string id) => reference.Length > 3 && id.StartsWith(reference, StringComparison.Ordinal);
        return list.Quarantined.FirstOrDefault(IsMeant) is string hidden
            ? throw Unknown(Quarantine.Says(hidden))
            : list.Malformed.FirstOrDefault(run => IsMeant(run.Id))?.Id;
    }

    /// <summary>
    /// Returns the runs that specs with this name began or were answered by, last first: a spec whose plan was already in
    /// the ledger under another name has a note there.
    /// </summary>
    /// <param name="hidden">The runs in quarantine.</param>
    public static IReadOnlyList<string> Named(SqliteConnection connection, string name, IReadOnlySet<string> hidden) =>
        [
            .. connection
                .Query(
                    """
                    SELECT id FROM (
                        SELECT id, number, (SELECT min(records.number) FROM records WHERE run_id = id) AS at
                        FROM runs WHERE name = $1
                        UNION ALL
                        SELECT run_id, 0, number FROM notes JOIN records USING (run_id, record)
                        WHERE kind = $2 AND notes.name = $3 AND value = $1
                    )
                    ORDER BY at DESC, number DESC
                    """,
                    row => row.GetString(0),
                    name,
                    LedgerNote.Answered,
                    LedgerNote.Spec
                )
                .Where(id => !hidden.Contains(id)),
        ];

    private static string AtPosition(IReadOnlyList<RunSummary> runs, string reference)
    {
        bool isNumber = int.TryParse(reference[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int back);
        return isNumber && back >= 1 && back <= runs.Count
            ? runs[back - 1].Id
            : throw Unknown($"no run '{reference}': the ledger has {Plural.Of(runs.Count, "run")}; @1 is the last");
    }

    private static string Prefixed(IReadOnlyList<RunSummary> runs, string reference)
    {
        RunSummary[] meant =
        [
            .. runs.Where(run => reference != "" && run.Id.StartsWith(reference, StringComparison.OrdinalIgnoreCase)),
        ];
        if (meant.Length == 1)
        {
            return meant[0].Id;
        }

        if (meant.Length == 0)
        {
            IEnumerable<string> known = runs.Select(run => run.Name).Concat(runs.Select(run => run.Id));
            string hint = Path.GetExtension(reference) is ".yaml" or ".yml"
                ? "; a run is found by the name in its spec, not by the spec's file"
                : NearestName.Question(reference, known);
            throw Unknown($"no run '{reference}' in the ledger{hint}");
        }

        string shown = Listing.Words([.. meant.Select(run => $"{run.Id} ({run.Name}, {run.StartedAt})")]);
        throw new LedgerException(
            LedgerFault.AmbiguousRun,
            $"'{reference}' is ambiguous: {shown}; type more of the id"
        );
    }

    private static LedgerException Unknown(string message) => new(LedgerFault.UnknownRun, message);
}
