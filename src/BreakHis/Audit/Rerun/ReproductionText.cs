using System.Diagnostics;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>Writes grades as text.</summary>
internal static class ReproductionText
{
    /// <summary>Returns the condition in words.</summary>
    public static string Word(ReproductionCondition condition) =>
        condition switch
        {
            ReproductionCondition.SameProcess => "same process",
            ReproductionCondition.AnotherProcess => "another process",
            ReproductionCondition.AnotherThreadCount => "another thread count",
            ReproductionCondition.AnotherMachine => "another machine",
            ReproductionCondition.OtherSoftware => "other software",
            _ => throw new UnreachableException($"unknown: {condition}"),
        };

    /// <summary>Returns the result in words.</summary>
    public static string Result(ReproductionGrade grade)
    {
        string[] same = [.. grade.Trials.Where(trial => trial.Difference is null).Select(trial => trial.What)];
        string[] other =
        [
            .. grade
                .Trials.Where(trial => trial.Difference is not null)
                .Select(trial => $"{trial.What} in {trial.Difference}"),
        ];
        return grade.Trials.Count == 0
            ? "no outcome is recorded"
            : string.Join(
                "; ",
                (
                    (string[])
                        [
                            same.Length == 0 ? "" : $"same bits: {Listing.Clauses(same)}",
                            other.Length == 0 ? "" : $"different bits, first difference: {Listing.Clauses(other)}",
                        ]
                ).Where(part => part != "")
            );
    }
}
