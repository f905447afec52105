using BreakHis.Ledger.Reading;

namespace BreakHis.Tool.Commands;

/// <summary>A run's name, with its values from the matrix.</summary>
internal static class RunTitle
{
    /// <summary>For example, quickstart [dropout=0.2].</summary>
    public static string Of(RunSummary run) =>
        run.Choices.Count == 0
            ? run.Name
            : $"{run.Name} [{string.Join(", ", run.Choices.Select(c => $"{c.Key()}={c.InWords()}"))}]";
}
