using System.Globalization;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>The facts in a run's row, and those in its plan about training.</summary>
/// <param name="Name">The spec's name.</param>
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

    /// <summary>Returns contradictions between row, spec and plan.</summary>
    public IEnumerable<string> Contradictions()
    {
        if (Sha256Hex.OfText(Spec) != SpecHash)
        {
            yield return "runs: spec_hash is not the hash of spec";
        }

        if (Plan.DeterminingHash != Fingerprint)
        {
            yield return "runs: fingerprint is not the hash of the determining part of plan";
        }

        (string Column, string? InPlan, string InRow)[] twice =
        [
            ("spec_hash", Plan.SpecHash, SpecHash),
            ("fingerprint", Plan.Fingerprint, Fingerprint),
            ("seed", Plan.Seed?.ToString(CultureInfo.InvariantCulture), Seed.ToString(CultureInfo.InvariantCulture)),
            ("name", RecordedSpec.Of(Spec).Name, Name),
        ];
        foreach ((string column, string? inPlan, string inRow) in twice.Where(value => value.InPlan != value.InRow))
        {
            yield return $"runs: {column} is {inRow}, but {inPlan ?? "nothing"} in {(column == "name" ? "spec" : "plan")}";
        }
    }
}
