using System.Globalization;
using AngleSharp.Dom;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>The numbers in a report, compared with independent computations from the recorded predictions.</summary>
public sealed class ReportNumbersTests
{
    public static TheoryData<string> Names => ["one", "small", "by-image", "huge"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Confusion_matrix_counts_the_predictions(string name)
    {
        RecordedRun run = SyntheticReports.All[name][0];
        foreach ((int s, RecordedStage stage) in run.Stages.Index())
        {
            IReadOnlyList<IElement> rows = Drawn(name, s, ".confusion tbody tr");
            for (int truth = 0; truth < run.Classes.Count; truth++)
            {
                IElement[] cells = rows[truth].QuerySelectorAll("td").SkipLast(1).ToArray();
                int total = Classified(run, stage).Count(verdict => verdict.Image.Class == truth);
                for (int predicted = 0; predicted < run.Classes.Count; predicted++)
                {
                    int count = Classified(run, stage).Count(v => v.Image.Class == truth && v.Predicted == predicted);
                    string share = count == 0 ? "" : " " + Percent(count, total);
                    Assert.Equal(Count(count) + share, Page.Plain(cells[predicted]));
                }

                Assert.Equal(Count(total), Page.Plain(rows[truth].QuerySelector("td.total")!));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Classes_have_their_precision_recall_and_F1(string name)
    {
        RecordedRun run = SyntheticReports.All[name][0];
        foreach ((int s, RecordedStage stage) in run.Stages.Index())
        {
            List<(PlannedImage Image, int Predicted, float Probability)> verdicts = Classified(run, stage);
            IReadOnlyList<IElement> rows = Drawn(name, s, ".pair > div:first-child tbody tr");
            for (int c = 0; c < run.Classes.Count; c++)
            {
                int hits = verdicts.Count(v => v.Image.Class == c && v.Predicted == c);
                int truths = verdicts.Count(v => v.Image.Class == c);
                int predictions = verdicts.Count(v => v.Predicted == c);
                double precision = (double)hits / predictions;
                double recall = (double)hits / truths;
                string[] expected =
                [
                    Percent(hits, predictions),
                    Percent(hits, truths),
                    (2 * precision * recall / (precision + recall)).ToString("0.000", CultureInfo.InvariantCulture),
                    Count(truths),
                    Count(predictions),
                ];
                Assert.Equal(expected, rows[c].QuerySelectorAll("td").Select(Page.Plain), StringComparer.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Patients_have_their_scores_and_the_rate_is_their_mean(string name)
    {
        RecordedRun run = SyntheticReports.All[name][0];
        foreach ((int s, RecordedStage stage) in run.Stages.Index())
        {
            ILookup<string, bool> patients = Classified(run, stage)
                .ToLookup(v => v.Image.Patient, v => v.Predicted == v.Image.Class, StringComparer.Ordinal);
            IReadOnlyList<IElement> rows = Drawn(name, s, "details tbody tr");
            Assert.Equal(patients.Count, rows.Count);
            foreach (IElement row in rows)
            {
                bool[] correct = [.. patients[Page.Plain(row.QuerySelector("th")!)]];
                string[] cells = [.. row.QuerySelectorAll("td").Select(Page.Plain)];
                Assert.Equal(
                    [
                        Count(correct.Length),
                        Count(correct.Count(c => c)),
                        Percent(correct.Count(c => c), correct.Length),
                    ],
                    cells[1..]
                );
            }

            double rate = patients.Average(patient => patient.Average(correct => correct ? 1.0 : 0));
            Assert.StartsWith(
                (rate * 100).ToString("0.0", CultureInfo.InvariantCulture),
                Page.Plain(Drawn(name, s, ".figure-text")[0]),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Most_confident_errors_come_first()
    {
        RecordedRun run = SyntheticReports.One;
        IEnumerable<string> expected = Classified(run, run.Stages[1])
            .Where(v => v.Predicted != v.Image.Class)
            .OrderByDescending(v => v.Probability)
            .Take(10)
            .Select(v => v.Image.Path);
        Assert.Equal(10, expected.Count());
        Assert.Equal(expected, Drawn("one", 1, ".mistakes .path").Select(Page.Plain), StringComparer.Ordinal);
    }

    [Fact]
    public void Summary_shows_the_difference_to_the_baseline_with_images_gained_and_lost()
    {
        (RecordedRun before, RecordedRun after) = (SyntheticReports.Several[0], SyntheticReports.Several[2]);
        bool[] old = [.. Classified(before, before.Stages[1]).Select(v => v.Predicted == v.Image.Class)];
        bool[] now = [.. Classified(after, after.Stages[1]).Select(v => v.Predicted == v.Image.Class)];
        int gained = old.Zip(now).Count(pair => !pair.First && pair.Second);
        int lost = old.Zip(now).Count(pair => pair.First && !pair.Second);
        string points = ((double)(gained - lost) / old.Length * 100).ToString("+0.0", CultureInfo.InvariantCulture);
        string row = Page.Plain(Page.Of(before, after).All(".summary tbody tr")[3]);
        Assert.Contains($"{points} pp {gained} gained, {lost} lost", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_on_test_images_stand_beside_those_on_validation_images()
    {
        RecordedRun run = new SyntheticRunTraits { HasTest = true, Epochs = 2 }.Run();
        var page = Page.Of(run);
        RecordedStage last = run.Stages[1];
        PlannedImage[] tested = [.. run.Images.Where(image => image.Side == Side.Test)];
        bool[] correct =
        [
            .. last.TestPredictions.Select(p =>
                run.Images[p.Image].Class == p.Probabilities.Index().MaxBy(q => q.Item).Index
            ),
        ];
        string accuracy = Percent(correct.Count(c => c), tested.Length);

        Assert.Equal(tested, last.TestPredictions.Select(p => run.Images[p.Image]));
        Assert.Equal(
            ["Bottleneck", "Bottleneck, test images", "Fine-tune", "Fine-tune, test images"],
            page.All(".summary tbody th").Select(Page.Plain)
        );
        IReadOnlyList<string> cells = page.Row(".summary", "Fine-tune, test images");
        Assert.Equal(accuracy, cells[0]);
        Assert.StartsWith($"{Count(tested.Length)} ", cells[6], StringComparison.Ordinal);
        Assert.EndsWith(
            $"and {accuracy} of {Count(tested.Length)} test images.",
            page.Text(".lead b"),
            StringComparison.Ordinal
        );
        Assert.Equal(Count(tested.Length), Page.Plain(page.All("#result-1-4 .confusion tfoot td")[^1]));
        int patients = tested.Select(image => image.Patient).Distinct(StringComparer.Ordinal).Count();
        Assert.Contains(
            $"Shared patients: {patients} of {patients} test patients are also in training or validation",
            page.Text(".notice"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "validation patients are also in training",
            page.Text(".notice"),
            StringComparison.Ordinal
        );
    }

    private static IReadOnlyList<IElement> Drawn(string name, int stage, string selector) =>
        Page.Named(name).All($"#result-1-{stage + 1} {selector}");

    private static List<(PlannedImage Image, int Predicted, float Probability)> Classified(
        RecordedRun run,
        RecordedStage stage
    ) =>
        [
            .. stage.Predictions.Select(p =>
                (run.Images[p.Image], p.Probabilities.ToList().IndexOf(p.Probabilities.Max()), p.Probabilities.Max())
            ),
        ];

    private static string Count(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(int part, int whole) =>
        ((double)part / whole * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
