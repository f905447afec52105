using System.Text;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Audit.Output;

/// <summary>Writes an audit as text: one line per check, and a summary line.</summary>
internal static class AuditText
{
    /// <summary>Returns the word for an outcome.</summary>
    public static string Word(AuditOutcome outcome) =>
        outcome switch
        {
            AuditOutcome.Pass => "pass",
            AuditOutcome.Fail => "FAIL",
            AuditOutcome.Inconclusive => "inconclusive",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };

    /// <summary>Returns the word for a level.</summary>
    public static string Word(AuditLevel level) =>
        level switch
        {
            AuditLevel.Record => "record",
            AuditLevel.Artifacts => "artifacts",
            AuditLevel.Inputs => "inputs",
            AuditLevel.Rerun => "rerun",
            _ => throw new ArgumentOutOfRangeException(nameof(level)),
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

    /// <summary>Returns all lines.</summary>
    /// <param name="title">Returns the title of a run by ID.</param>
    public static string Of(AuditSummary summary, Func<string, string> title)
    {
        var text = new StringBuilder();
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
