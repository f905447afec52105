using System.Globalization;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Testing;
using Snapshooter;
using Snapshooter.Xunit3;
using Xunit;

namespace BreakHis.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    public void Small_report_is_as_it_was() =>
        Snapshot.Match(
            Report.Html([MadeUpReports.Small]).Split('\n'),
            new SnapshotFullName("SmallReport.snap", SnapshotFolder())
        );

    [Fact]
    public void There_is_no_report_of_no_runs() => Assert.Throws<ArgumentException>(() => Report.Html([]));

    [Theory]
    [InlineData("")]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    [InlineData("fa-IR")]
    public void Bytes_are_the_same_under_every_culture(string culture)
    {
        string expected = Under("", Draw);
        Assert.Equal(expected, Under(culture, Draw));

        static string Draw() => Report.Html(MadeUpReports.Several);
    }

    [Fact]
    public void A_run_that_did_not_finish_is_marked_at_the_top()
    {
        Assert.Contains(
            "This run was interrupted.",
            Page.Of(MadeUpReports.Interrupted).Text(".masthead .trouble"),
            StringComparison.Ordinal
        );

        string failed = Page.Of(MadeUpReports.Failed).Text(".masthead .trouble");
        Assert.Contains("This run failed.", failed, StringComparison.Ordinal);
        Assert.Contains("adenosis/x.png: not a PNG", failed, StringComparison.Ordinal);

        RecordedRun running = MadeUpReports.One with
        {
            Line = MadeUpReports.One.Line with { State = RunState.Running },
        };
        Assert.Contains("has not ended", Page.Of(running).Text(".masthead .trouble"), StringComparison.Ordinal);

        Assert.Empty(Page.Of(MadeUpReports.One).All(".trouble"));
    }

    [Fact]
    public void Made_up_tissue_is_said_to_be_made_up()
    {
        Assert.Contains(
            "Synthetic tissue: these numbers say nothing about BreaKHis.",
            Page.Of(MadeUpReports.Small).Text(".masthead"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Synthetic tissue", Page.Of(MadeUpReports.One).Text("body"), StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_on_both_sides_are_counted_and_the_accuracy_called_overstated()
    {
        string notice = Page.Of(MadeUpReports.ByImage).Text(".notice");
        Assert.Contains("82 of 82 validation patients", notice, StringComparison.Ordinal);
        Assert.Contains("overstated", notice, StringComparison.Ordinal);
        Assert.Empty(Page.Of(MadeUpReports.One).All(".notice"));
    }

    [Fact]
    public void Checks_of_the_split_are_told_by_their_verdict()
    {
        LeakCheck[] checks =
        [
            new("files", LeakVerdict.Clean, "no file"),
            new("near_duplicates", LeakVerdict.NotChecked, "images were not compared"),
            new("roots", LeakVerdict.Doubt, "leak: <two> slides"),
        ];
        LeakCheck leak = new("pixels", LeakVerdict.Leak, "clean: one picture");

        var doubtful = Page.Of(MadeUpReports.One with { SplitChecks = checks });
        var leaking = Page.Of(MadeUpReports.One with { SplitChecks = [.. checks, leak] });

        Assert.Equal(["Split in doubt", "Split checked"], NoticeHeads(doubtful));
        Assert.Contains("Split in doubt: leak: <two> slides.", doubtful.Text(".notice"), StringComparison.Ordinal);
        Assert.Contains(
            "(checked: files; not checked: near-duplicates).",
            doubtful.Text(".notice"),
            StringComparison.Ordinal
        );
        Assert.Equal(["Split in doubt", "Leak"], NoticeHeads(leaking));
        Assert.Contains("Leak: clean: one picture.", leaking.Text(".notice"), StringComparison.Ordinal);
        Assert.Contains("not checked: images were not compared", leaking.Text("#provenance"), StringComparison.Ordinal);
    }

    [Fact]
    public void Few_images_are_counted() =>
        Assert.Contains(
            "only 20 validation images of 5 patients",
            Page.Of(MadeUpReports.Small).Text(".masthead"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Accuracy_that_does_not_follow_from_the_predictions_is_called_a_contradiction()
    {
        RecordedRun run = MadeUpReports.One;
        StageEnded end = run.Stages[1].End!;
        RecordedRun changed = run with
        {
            Stages =
            [
                run.Stages[0],
                run.Stages[1] with
                {
                    End = end with { Kept = end.Kept with { Accuracy = 0.99 } },
                },
            ],
        };
        Assert.Contains("Contradiction", Page.Of(changed).Text(".notice"), StringComparison.Ordinal);
    }

    [Fact]
    public void Result_is_said_in_words()
    {
        string lead = Page.Of(MadeUpReports.One).Text(".lead");
        (StageEnded bottleneck, StageEnded fineTune) = (
            MadeUpReports.One.Stages[0].End!,
            MadeUpReports.One.Stages[1].End!
        );
        Assert.Contains(
            $"Fine-tune: {Percent(fineTune.Kept.Accuracy)} of 1,032 validation images correct.",
            lead,
            StringComparison.Ordinal
        );
        Assert.Contains("43 patients", lead, StringComparison.Ordinal);
        Assert.Contains($"Bottleneck: {Percent(bottleneck.Kept.Accuracy)}", lead, StringComparison.Ordinal);
    }

    [Fact]
    public void Handed_in_facts_are_shown()
    {
        var page = new Page(
            Report.Html(
                [MadeUpReports.One],
                new ReportFacts("A <title>", "make report", ["The audit found <nothing>."])
            )
        );
        Assert.Equal("A <title>", page.Text("h1"));
        Assert.Contains("make report", page.Text("footer"), StringComparison.Ordinal);
        Assert.Contains("The audit found <nothing>.", page.Text(".notice"), StringComparison.Ordinal);
    }

    [Fact]
    public void Footer_names_the_recorded_tool_and_the_command()
    {
        string footer = Page.Of(MadeUpReports.Several[0], MadeUpReports.Several[1]).Text("footer");
        Assert.Contains("BreakHis harness 0.1.0", footer, StringComparison.Ordinal);
        Assert.Contains("dotnet breakhis report 0000000001 0000000002", footer, StringComparison.Ordinal);
    }

    [Fact]
    public void What_differs_from_the_baseline_is_said_plainly()
    {
        var page = Page.Of([.. MadeUpReports.Several]);
        Assert.Equal(["same", "same", "same", "same"], page.Row(".same", "Data"));
        Assert.Equal(
            ["same", "same", "differs 258 of 492 validation images in common", "same"],
            page.Row(".same", "Split")
        );
        Assert.Equal(["same", "differs", "same", "same"], page.Row(".same", "Seed"));
        Assert.Equal(["same", "differs", "same", "differs"], page.Row(".same", "Code"));
        Assert.Equal(
            ["inference", "batch_statistics_updating", "inference", "inference", "inference"],
            page.Row(".leaves", "stages.fine_tune.batch_norm")
        );
        Assert.Equal(["patient", "patient", "patient", "image", "patient"], page.Row(".leaves", "data.split.by"));
    }

    [Fact]
    public void A_diverged_run_has_a_report()
    {
        var nothing = new Scores(double.NaN, 0.1, 0.1, 0.1);
        RecordedRun run = MadeUpReports.One;
        RecordedRun diverged = run with
        {
            Stages =
            [
                run.Stages[0] with
                {
                    Epochs =
                    [
                        .. run.Stages[0]
                            .Epochs.Select(
                                (e, i) =>
                                    i < 4
                                        ? e
                                        : e with
                                        {
                                            Train = nothing with { Loss = double.PositiveInfinity },
                                            Validation = nothing,
                                        }
                            ),
                    ],
                },
            ],
        };
        string html = Report.Html([diverged]);
        Assert.Contains("not a number", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_without_images_or_patients_have_a_report()
    {
        RecordedRun none = MadeUpReports.One with
        {
            Images = [],
            Stages = [],
            Provenance = [],
            Spec = "{}",
            Plan = "{}",
        };
        Assert.Contains("No epoch ended", Page.Of(none).Text(".lead"), StringComparison.Ordinal);

        RecordedRun unknown = MadeUpReports.One with
        {
            Images = [.. MadeUpReports.One.Images.Select(image => image with { Patient = "", Magnification = 0 })],
        };
        Assert.Contains("patients unknown", Page.Of(unknown).Text(".lead"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_of_megabytes_is_shown_to_its_end()
    {
        string patch = string.Concat(
            Enumerable.Repeat("+a line of a patch that someone has not committed\n-and another\n", 40_000)
        );
        var page = Page.Of(new MadeUp { Patch = patch, PatientsPerClass = [2, 2, 2, 2, 2, 2, 2, 2] }.Run());
        Assert.Equal(patch, page.All(".patch").Single().TextContent);
    }

    [Fact]
    public void What_was_validated_is_told_where_it_cannot_be_compared_or_misses_a_class()
    {
        RecordedRun run = MadeUpReports.One;
        RecordedRun other = run with
        {
            Images = [.. run.Images.Select(image => image with { Sha256 = new string('0', 64) })],
        };
        RecordedRun without = run with
        {
            Images = [.. run.Images.Select(image => image.Class == 0 ? image with { Side = Side.Train } : image)],
        };

        Assert.Equal(["Not comparable"], NoticeHeads(Page.Of(run, other)));
        Assert.Empty(NoticeHeads(Page.Of(run, run)));
        Assert.Contains("Not validated", NoticeHeads(Page.Of(without)), StringComparer.Ordinal);
        Assert.Contains("adenosis", Page.Of(without).Text(".notice"), StringComparison.Ordinal);
        Assert.Empty(NoticeHeads(Page.Of(run)));
    }

    [Fact]
    public void Fifty_runs_have_a_report() =>
        Assert.Equal(50, Page.Of([.. Enumerable.Repeat(MadeUpReports.Small, 50)]).All(".runs > li").Count);

    /// <summary>What the notices at the top of a page begin with, in order.</summary>
    private static IEnumerable<string> NoticeHeads(Page page) =>
        page.All(".masthead .notice > strong").Select(head => Page.Plain(head).TrimEnd(':'));

    // The compiler maps source paths to /_/, so the snapshots' place is found from the repository's.
    private static string SnapshotFolder() => SharedFolder.InRepository("tests/BreakHis.Tests/Reports");

    private static string Percent(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Under(string culture, Func<string> draw)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            CultureInfo.CurrentUICulture = CultureInfo.CurrentCulture;
            return draw();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            CultureInfo.CurrentUICulture = before;
        }
    }
}
