using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>The facts in a run's row, and those in its plan about training.</summary>
internal sealed record RunFacts(
    string Name,
    string Fingerprint,
    long Seed,
    string SpecHash,
    string Spec,
    RecordedPlan Plan,
    string StartedAt
)
{
    /// <summary>Returns the facts in the run's row, or null.</summary>
    public static RunFacts? Of(SqliteConnection connection, string run) =>
        connection
            .Query(
                "SELECT name, fingerprint, seed, spec_hash, spec, plan, started_at FROM runs WHERE id = $1",
                row => new RunFacts(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    row.GetString(3),
                    row.GetString(4),
                    RecordedPlan.Parse(row.GetString(5)),
                    row.GetString(6)
                ),
                run
            )
            .FirstOrDefault();
}
