using BreakHis.Audit.Differences;
using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>Compares a run with its rerun.</summary>
internal static class RerunChecks
{
    /// <summary>The name of the check that reports whether the run was reproduced.</summary>
    public const string Name = "rerun";

    /// <summary>
    /// Returns the checks: whether everything was reproduced bit for bit, and what differs in the environment.
    /// </summary>
    /// <param name="again">The rerun from the run's record.</param>
    /// <param name="difference">The first difference of the two runs, or null.</param>
    /// <param name="cameWithRecord">Whether somebody else's recorded code reran it. Such code could also copy the
    /// result, so the same result proves nothing.</param>
    public static IEnumerable<AuditEntry> Of(
        RecordedRun run,
        RecordedRun again,
        FirstDifference? difference,
        bool cameWithRecord
    )
    {
        CheckResult rerun =
            difference is not null
                ? CheckResult.Fail($"not reproduced; first difference: {difference.Text("recorded", "now")}")
            : cameWithRecord
                ? CheckResult.Inconclusive(
                    $"the same bit for bit ({Came(run)}), but by code that came with the record and could have copied them; read that code, or rerun with the recorded version of the tool from its publisher"
                )
            : CheckResult.Pass($"reproduced bit for bit: {Came(run)}");
        yield return rerun.As(AuditLevel.Rerun, Name, run.Summary.Id);
        yield return Environment(run, again, difference is null).As(AuditLevel.Rerun, "environment", run.Summary.Id);
    }

    /// <summary>Returns the check for a run that could not be rerun.</summary>
    public static AuditEntry NotRerun(string run, string reason) =>
        CheckResult.Inconclusive(reason).As(AuditLevel.Rerun, Name, run);

    /// <summary>Returns the check of the tool that reran it.</summary>
    /// <param name="asThen">Whether it is the recorded tool.</param>
    /// <param name="reason">Which tool it is.</param>
    public static AuditEntry Tool(string run, bool asThen, string reason) =>
        (asThen ? CheckResult.Pass(reason) : CheckResult.Inconclusive(reason)).As(AuditLevel.Rerun, "tool", run);

    /// <summary>
    /// Returns the check for two reruns that both differ from the run. If they agree with each other, the difference
    /// comes from software, machine or record, and not from chance.
    /// </summary>
    /// <param name="difference">The first difference of the two reruns, or null.</param>
    public static AuditEntry Repeat(string run, FirstDifference? difference)
    {
        CheckResult result = difference is null
            ? CheckResult.Pass("a second rerun gave the same result as the first, so the difference is not random")
            : CheckResult.Fail(
                $"a second rerun differs from the first in {difference.Text("first", "second")}: runs here are not deterministic"
            );
        return result.As(AuditLevel.Rerun, "repeat", run);
    }

    private static string Came(RecordedRun run)
    {
        int epochs = run.Stages.Sum(stage => stage.Epochs.Count(e => e.Epoch > 0));
        int states = run.Stages.Sum(stage => stage.Epochs.Count(e => e.StateSha256 is not null));
        int predictions = run.Stages.Sum(stage => stage.AllPredictions.Count());
        return $"the scores of {Plural.Of(epochs, "epoch")}, {Plural.Of(states, "state")} of network and optimizer, {Plural.Of(predictions, "prediction")} and the kept weights of {Plural.Of(run.Stages.Count, "stage")}";
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
