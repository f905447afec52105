using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Specs;
using BreakHis.Wording;
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

        if (!ExperimentSpec.IsName(Name))
        {
            yield return "runs: name is not the name of a spec";
        }

        (string Column, string InRow, string Source, string? InSource)[] twice =
        [
            ("spec_hash", SpecHash, "plan", Plan.SpecHash),
            ("fingerprint", Fingerprint, "plan", Plan.Fingerprint),
            ("seed", Digits.Of(Seed), "plan", Plan.Seed is { } seed ? Digits.Of(seed) : null),
            ("name", Name, "spec", RecordedSpec.Of(Spec).Name),
        ];
        foreach ((string column, string inRow, string source, string? inSource) in twice)
        {
            if (inSource != inRow)
            {
                yield return $"runs: {column} is {inRow}, but {inSource ?? "nothing"} in {source}";
            }
        }
    }
}
