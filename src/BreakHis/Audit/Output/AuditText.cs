using System.Diagnostics;
using System.Text;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Audit.Output;

/// <summary>
/// Writes an audit as text: the verdict and what did not pass first, then one line per check, and the verdict again.
/// </summary>
internal static class AuditText
{
    // What did not pass fits on a screen; the details below have all of it.
    private const int MostNotPassed = 15;

    /// <summary>Returns the word for an outcome.</summary>
    public static string Word(AuditOutcome outcome) =>
        outcome switch
        {
            AuditOutcome.Pass => "pass",
            AuditOutcome.Fail => "FAIL",
            AuditOutcome.Inconclusive => "inconclusive",
            _ => throw new UnreachableException($"unknown: {outcome}"),
        };

    /// <summary>Returns the word for a level.</summary>
    public static string Word(AuditLevel level) =>
        level switch
        {
            AuditLevel.Record => "record",
            AuditLevel.Artifacts => "artifacts",
            AuditLevel.Inputs => "inputs",
            AuditLevel.Rerun => "rerun",
            _ => throw new UnreachableException($"unknown: {level}"),
        };

    /// <summary>Returns the line for a check. No text of a record can begin another line.</summary>
    public static string Line(AuditEntry check) =>
        OneLine.Escaped(
            Invariant($"  {Word(check.Outcome), -12}  {Word(check.Level), -9}  {check.Name, -15}  {check.Reason}")
        );

    /// <summary>Returns the summary line.</summary>
    public static string Line(AuditSummary summary)
    {
        int runs = summary.Checks.Select(check => check.Run).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        return Invariant(
            $"{Plural.Of(summary.Checks.Count, "check")} of {Plural.Of(runs, "run")}: {summary.Passed} passed, {summary.Failed} failed, {summary.Inconclusive} inconclusive"
        );
    }

    /// <summary>Returns the checks that did not pass, failures first, as lines; the first ones if there are many.</summary>
    public static IEnumerable<string> NotPassed(AuditSummary summary) =>
        Listing.Lines(
            [
                .. summary.NotPassed.Select(check =>
                    OneLine.Escaped(
                        $"  {Word(check.Outcome), -12}  {check.Name}{(check.Run is null ? "" : $" of run {check.Run}")}: {check.Reason}"
                    )
                ),
            ],
            MostNotPassed
        );

    /// <summary>Returns what the checks compared: one line per kind of check.</summary>
    public static IEnumerable<string> Compared(AuditSummary summary) =>
        summary
            .Checks.GroupBy(check => check.Name, StringComparer.Ordinal)
            .Select(kind =>
                OneLine.Escaped(
                    kind.ToArray() is [{ Outcome: AuditOutcome.Pass } only]
                        ? $"  {kind.Key, -17} {only.Reason}"
                        : $"  {kind.Key, -17} {Plural.Of(kind.Count(), "check")}, {Digits.Of(kind.Count(check => check.Outcome == AuditOutcome.Pass))} passed"
                )
            );

    /// <summary>Returns all lines.</summary>
    /// <param name="title">Returns the title of a run by ID.</param>
    public static string Of(AuditSummary summary, Func<string, string> title)
    {
        var text = new StringBuilder();
        text.Append(Line(summary)).Append('\n');
        foreach (string line in NotPassed(summary))
        {
            text.Append(line).Append('\n');
        }

        text.Append('\n');
        foreach (
            IGrouping<string?, AuditEntry> group in summary.Checks.GroupBy(check => check.Run, StringComparer.Ordinal)
        )
        {
            text.Append(group.Key is null ? "the ledger" : OneLine.Escaped(title(group.Key))).Append('\n');
            foreach (AuditEntry check in group)
            {
                text.Append(Line(check)).Append('\n');
            }

            text.Append('\n');
        }

        return text.Append(Line(summary)).Append('\n').ToString();
    }
}
