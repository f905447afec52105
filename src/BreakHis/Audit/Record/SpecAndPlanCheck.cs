using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Audit.Record;

/// <summary>Checks that a run's row, its spec and its plan do not contradict each other.</summary>
internal static class SpecAndPlanCheck
{
    public static IEnumerable<AuditEntry> Of(string run, RunFacts facts) =>
        CheckResult
            .Of(Faults(facts), "spec and plan match the recorded hashes")
            .As(AuditLevel.Record, "spec and plan", run);

    private static IEnumerable<string> Faults(RunFacts facts)
    {
        if (Sha256Hex.OfText(facts.Spec) != facts.SpecHash)
        {
            yield return "runs: spec_hash is not the hash of spec";
        }

        if (facts.Plan.DeterminingHash != facts.Fingerprint)
        {
            yield return "runs: fingerprint is not the hash of the determining part of plan";
        }

        if (!ExperimentSpec.IsName(facts.Name))
        {
            yield return "runs: name is not the name of a spec";
        }

        (string Column, string InRow, string Source, string? InSource)[] twice =
        [
            ("spec_hash", facts.SpecHash, "plan", facts.Plan.SpecHash),
            ("fingerprint", facts.Fingerprint, "plan", facts.Plan.Fingerprint),
            ("seed", Digits.Of(facts.Seed), "plan", facts.Plan.Seed is { } seed ? Digits.Of(seed) : null),
            ("name", facts.Name, "spec", RecordedSpec.Of(facts.Spec).Name),
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
