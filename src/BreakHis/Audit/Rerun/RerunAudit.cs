using System.Globalization;
using BreakHis.Audit.Differences;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>Compares a run with what came out when it was run again.</summary>
internal static class RerunAudit
{
    /// <summary>The name of the check that says whether the run came out again.</summary>
    public const string Name = "rerun";

    /// <summary>The checks: whether everything came out again bit for bit, and what of the environment differs.</summary>
    /// <param name="again">The run that was made anew from its record.</param>
    /// <param name="difference">Their first difference, or null.</param>
    public static IEnumerable<AuditCheck> Of(RecordedRun run, RecordedRun again, FirstDifference? difference)
    {
        CheckResult rerun = difference is null
            ? CheckResult.Pass($"reproduced bit for bit: {Came(run)}")
            : CheckResult.Fail($"not reproduced; first difference: {difference.Text("recorded", "now")}");
        yield return rerun.As(AuditLevel.Rerun, Name, run.Line.Id);
        yield return Environment(run, again, difference is null).As(AuditLevel.Rerun, "environment", run.Line.Id);
    }

    /// <summary>The check of a run that could not be run again.</summary>
    public static AuditCheck NotRerun(string run, string reason) =>
        CheckResult.Inconclusive(reason).As(AuditLevel.Rerun, Name, run);

    /// <summary>The check of which tool ran it again.</summary>
    /// <param name="asThen">Whether it is the tool of that time.</param>
    /// <param name="reason">Which it is.</param>
    public static AuditCheck Tool(string run, bool asThen, string reason) =>
        (asThen ? CheckResult.Pass(reason) : CheckResult.Inconclusive(reason)).As(AuditLevel.Rerun, "tool", run);

    /// <summary>
    /// The check of two reruns of a run that came out otherwise: where they agree with each other, the difference lies in
    /// what computes or in the record, and is not chance.
    /// </summary>
    /// <param name="difference">The first difference of the two reruns, or null.</param>
    public static AuditCheck Repeat(string run, FirstDifference? difference)
    {
        CheckResult verdict = difference is null
            ? CheckResult.Pass("a second rerun gave the same result as the first, so the difference is not random")
            : CheckResult.Fail(
                $"a second rerun differs from the first in {difference.Text("first", "second")}: runs here are not deterministic"
            );
        return verdict.As(AuditLevel.Rerun, "repeat", run);
    }

    private static string Came(RecordedRun run)
    {
        int epochs = run.Stages.Sum(stage => stage.Epochs.Count(e => e.Epoch > 0));
        int states = run.Stages.Sum(stage => stage.Epochs.Count(e => e.StateSha256 is not null));
        int predictions = run.Stages.Sum(stage => stage.Predictions.Count);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"the scores of {epochs} epochs, {states} states of network and optimizer, {predictions} predictions and the kept weights of {Plural.Of(run.Stages.Count, "stage")}"
        );
    }

    private static CheckResult Environment(RecordedRun run, RecordedRun again, bool same)
    {
        IReadOnlyList<EnvironmentDifference> all = EnvironmentDifference.Between(run, again);
        string[] determining = [.. all.Where(d => d.Determines).Select(d => d.ToString())];
        string[] others = [.. all.Where(d => !d.Determines).Select(d => d.ToString())];
        string rest = others.Length == 0 ? "" : $"; outside the fingerprint: {Listing.Clauses(others)}";
        return determining.Length == 0 ? CheckResult.Pass($"everything in the fingerprint matches the record{rest}")
            : same ? CheckResult.Pass($"differences without effect on this run: {Listing.Clauses(determining)}{rest}")
            : CheckResult.Inconclusive($"differences that may be the cause: {Listing.Clauses(determining)}{rest}");
    }
}
