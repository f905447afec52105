using System.Globalization;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;
using BreakHis.Reports.Sections;
using BreakHis.Reports.Templates;
using BreakHis.Specs;
using BreakHis.Tests.Comparisons;
using Xunit;

namespace BreakHis.Tests.Reports.Sections;

public sealed class VerdictsTests
{
    [Theory]
    [InlineData(2, 1, "better")]
    [InlineData(1, 2, "worse")]
    [InlineData(2, 2, "inconclusive")]
    public void The_second_configuration_is_compared_with_the_first(int first, int second, string verdict)
    {
        TemplateModel row = Row(Run("a", first), Run("b", second));

        Assert.Equal(verdict, row["verdict"]);
        Assert.Equal(("A Bottleneck", "B Bottleneck"), (row["first"], row["second"]));
        Assert.Equal("20\u00a0patients", row["patients"]);
    }

    /// <summary>The last run of the configuration has not begun its last stage.</summary>
    [Fact]
    public void The_last_stage_of_the_plan_is_compared_and_missing_runs_are_named()
    {
        const string Plan = """
            {"determining":{"bottleneck":{"epochs":1},"fine_tune":{"loop":{"epochs":1},"train_from":{"block":"stage4"}}}}
            """;
        Assert.Equal(StageNames.FineTune, (Run("a", 1) with { Plan = Plan }).LastStage());

        TemplateModel row = Row(Run("a", 1) with { Plan = Plan }, Run("b", 1));

        Assert.Contains(
            "run a has no validation images of fine_tune",
            (string)row["reason"]!,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_stages_of_the_only_configuration_have_no_letters()
    {
        RecordedRun run = Run("a", 2);
        RecordedStage stage = run.Stages[0];
        TemplateModel row = Row(run with { Stages = [stage, stage with { Name = StageNames.FineTune }] });

        Assert.Equal(("Bottleneck", "Fine-tune"), (row["first"], row["second"]));
    }

    [Fact]
    public void Several_runs_of_a_configuration_share_their_letters()
    {
        const string Plan = """{"determining":{"bottleneck":{"epochs":1}}}""";
        RecordedRun Seed(long seed) =>
            Run($"{seed}", 2) with
            {
                Plan = Plan,
                Summary = Run($"{seed}", 2).Summary with { Seed = seed },
            };
        TemplateModel row = Row(Seed(1), Seed(2), Seed(3), Run("other", 1));

        Assert.Equal(("A to C Bottleneck", "D Bottleneck"), (row["first"], row["second"]));
        Assert.Equal("A, C Bottleneck", Row(Seed(1), Run("other", 1), Seed(2))["first"]);
    }

    [Fact]
    public void Unsound_records_are_not_compared_and_unknown_patients_not_counted()
    {
        RecordedRun unsound = Run("a", 1) with { Spec = "{" };
        Assert.Null(Verdicts.Of(RunResult.Of([Run("b", 1)])));
        Assert.Null(Verdicts.Of(RunResult.Of([Run("b", 1), unsound])));

        RecordedRun unknown = ComparedRuns.Run(1, [.. Enumerable.Range(0, 20).Select(i => ("", i % 2 > 0))]);
        RecordedRun other = unknown with { Summary = unknown.Summary with { Id = "other" } };
        Assert.Null(Row(unknown, other)["patients"]);
    }

    /// <summary>10 of 20 patients differ, all in one direction: 2 / 2^10 alone, twice that for two comparisons.</summary>
    [Fact]
    public void Verdicts_of_a_page_count_together()
    {
        TemplateModel page = Verdicts.Of(RunResult.Of([Run("a", 2), Run("b", 1), Run("c", 3)]))!;
        var rows = (List<TemplateModel>)page["rows"]!;

        Assert.Equal(true, page["several"]);
        double alone = double.Parse((string)Row(Run("a", 2), Run("b", 1))["p"]!, CultureInfo.InvariantCulture);
        Assert.InRange(alone, 0.0001, 0.01);
        Assert.Equal(2 * alone, double.Parse((string)rows[0]["p"]!, CultureInfo.InvariantCulture), 0.0002);
        Assert.NotEqual(Row(Run("a", 2), Run("b", 1))["interval"], rows[0]["interval"]);
    }

    private static TemplateModel Row(params RecordedRun[] runs) =>
        Assert.Single((List<TemplateModel>)Verdicts.Of(RunResult.Of(runs))!["rows"]!);

    /// <summary>Every n-th of twenty patients' images is classified wrongly; for 1, none.</summary>
    private static RecordedRun Run(string id, int wrong)
    {
        RecordedRun run = ComparedRuns.Run(
            1,
            [.. Enumerable.Range(0, 20).Select(i => ($"p{i}", wrong == 1 || i % wrong > 0))]
        );
        return run with { Summary = run.Summary with { Id = id } };
    }
}
