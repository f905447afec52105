using System.Globalization;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
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
    public void Small_report_matches_its_snapshot() =>
        Snapshot.Match(
            Report.Html([SyntheticReports.Small]).Split('\n'),
            new SnapshotFullName("SmallReport.snap", SnapshotFolder())
        );

    [Fact]
    public void A_report_without_runs_is_an_error() => Assert.Throws<ArgumentException>(() => Report.Html([]));

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

        static string Draw() => Report.Html(SyntheticReports.Several);
    }

    /// <summary>A matrix has a cell for each pair of classes.</summary>
    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(3000)]
    public void The_confusion_matrix_of_many_classes_is_not_drawn(int classes)
    {
        RecordedRun run = SyntheticReports.Small with
        {
            Classes = [.. SyntheticReports.Small.Classes, .. Enumerable.Range(1000, classes).Select(c => $"c{c}")],
        };
        run = run with { Classes = [.. run.Classes.Take(classes)] };

        string html = Report.Html([run]);

        Assert.Equal(classes > 100, html.Contains("more than 100 classes", StringComparison.Ordinal));
        Assert.Equal(classes <= 100, html.Contains("<table class=\"confusion\">", StringComparison.Ordinal));
        Assert.Contains(
            $"c{1000 + classes - SyntheticReports.Small.Classes.Count - 1}",
            html,
            StringComparison.Ordinal
        );
        Assert.True(html.Length < 10_000_000, $"{html.Length} characters");
    }

    [Fact]
    public void An_unfinished_run_is_marked_at_the_top()
    {
        Assert.Contains(
            "This run was interrupted.",
            Page.Of(SyntheticReports.Interrupted).Text(".masthead .trouble"),
            StringComparison.Ordinal
        );

        string failed = Page.Of(SyntheticReports.Failed).Text(".masthead .trouble");
        Assert.Contains("This run failed.", failed, StringComparison.Ordinal);
        Assert.Contains("adenosis/x.png: not a PNG", failed, StringComparison.Ordinal);

        RecordedRun running = SyntheticReports.One with
        {
            Summary = SyntheticReports.One.Summary with { State = RunState.Running },
        };
        Assert.Contains("has not ended", Page.Of(running).Text(".masthead .trouble"), StringComparison.Ordinal);

        Assert.Empty(Page.Of(SyntheticReports.One).All(".trouble"));
    }

    [Fact]
    public void Synthetic_tissue_has_a_notice()
    {
        Assert.Contains(
            "Synthetic tissue: these numbers say nothing about BreaKHis.",
            Page.Of(SyntheticReports.Small).Text(".masthead"),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Synthetic tissue", Page.Of(SyntheticReports.One).Text("body"), StringComparison.Ordinal);
    }

    [Fact]
    public void Code_that_git_could_not_read_has_a_notice()
    {
        var page = Page.Of(
            SyntheticReports.One with
            {
                Provenance = [.. SyntheticReports.One.Provenance, new("git.unread", "a <broken> index")],
            }
        );

        Assert.Equal(["Code not recorded"], NoticeHeads(page));
        Assert.Contains("a <broken> index.", page.Text(".notice"), StringComparison.Ordinal);
    }

    [Fact]
    public void Patients_on_both_sides_are_counted_and_the_accuracy_called_overstated()
    {
        string notice = Page.Of(SyntheticReports.ByImage).Text(".notice");
        Assert.Contains("82 of 82 validation patients", notice, StringComparison.Ordinal);
        Assert.Contains("overstated", notice, StringComparison.Ordinal);
        Assert.Empty(Page.Of(SyntheticReports.One).All(".notice"));
    }

    [Fact]
    public void Checks_of_the_split_are_shown_by_their_verdict()
    {
        LeakCheck[] checks =
        [
            new("files", LeakVerdict.Clean, "no file"),
            new("near_duplicates", LeakVerdict.NotChecked, "images were not compared"),
            new("roots", LeakVerdict.Doubt, "leak: <two> slides"),
        ];
        LeakCheck leak = new("pixels", LeakVerdict.Leak, "clean: one picture");

        var doubtful = Page.Of(SyntheticReports.One with { SplitChecks = checks });
        var leaking = Page.Of(SyntheticReports.One with { SplitChecks = [.. checks, leak] });

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
    public void A_small_number_of_images_has_a_notice() =>
        Assert.Contains(
            "only 20 validation images of 5 patients",
            Page.Of(SyntheticReports.Small).Text(".masthead"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Accuracy_that_contradicts_the_predictions_has_a_notice()
    {
        RecordedRun run = SyntheticReports.One;
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
    public void Result_is_stated_in_words()
    {
        string lead = Page.Of(SyntheticReports.One).Text(".lead");
        (StageEnded bottleneck, StageEnded fineTune) = (
            SyntheticReports.One.Stages[0].End!,
            SyntheticReports.One.Stages[1].End!
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
    public void Footer_names_the_tool_that_wrote_the_page_and_the_command()
    {
        string html = Report.Html([SyntheticReports.Several[0], SyntheticReports.Several[1]], "7.0+abc");
        string footer = new Page(html).Text("footer");
        Assert.Contains(
            "<meta name=\"generator\" content=\"BreakHis harness 7.0+abc\">",
            html,
            StringComparison.Ordinal
        );
        Assert.Contains("BreakHis harness 7.0+abc", footer, StringComparison.Ordinal);
        Assert.Contains("dotnet breakhis report 0000000001 0000000002", footer, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_from_the_baseline_are_listed()
    {
        var page = Page.Of([.. SyntheticReports.Several]);
        Assert.Equal(["same", "same", "same", "same"], page.Row(".same", "Data"));
        Assert.Equal(
            ["same", "same", "differs 258 of 492 validation images in common", "same"],
            page.Row(".same", "Split")
        );
        Assert.Equal(["same", "differs", "same", "same"], page.Row(".same", "Seed"));
        Assert.Equal(["same", "differs", "same", "differs"], page.Row(".same", "Code"));
        Assert.Equal(
            ["inference", "batch_statistics_updating", "inference", "inference", "inference"],
            page.Row(".values", "stages.fine_tune.batch_norm")
        );
        Assert.Equal(["patient", "patient", "patient", "image", "patient"], page.Row(".values", "data.split.by"));
    }

    [Fact]
    public void A_diverged_run_has_a_report()
    {
        var nothing = new Scores(double.NaN, 0.1, 0.1, 0.1);
        RecordedRun run = SyntheticReports.One;
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
        RecordedRun none = SyntheticReports.One with
        {
            Images = [],
            Stages = [],
            Provenance = [],
            Spec = "{}",
            Plan = "{}",
        };
        Assert.Contains("No epoch ended", Page.Of(none).Text(".lead"), StringComparison.Ordinal);

        RecordedRun unknown = SyntheticReports.One with
        {
            Images = [.. SyntheticReports.One.Images.Select(image => image with { Patient = "", Magnification = 0 })],
        };
        Assert.Contains("patients unknown", Page.Of(unknown).Text(".lead"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_patch_is_shown_completely()
    {
        string patch = string.Concat(
            Enumerable.Repeat("+a line of a patch that someone has not committed\n-and another\n", 40_000)
        );
        var page = Page.Of(new SyntheticRunTraits { Patch = patch, PatientsPerClass = [2, 2, 2, 2, 2, 2, 2, 2] }.Run());
        Assert.Equal(patch, page.All(".patch").Single().TextContent);
    }

    [Fact]
    public void Validation_images_that_differ_or_lack_a_class_have_a_notice()
    {
        RecordedRun run = SyntheticReports.One;
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
        Assert.Equal(50, Page.Of([.. Enumerable.Repeat(SyntheticReports.Small, 50)]).All(".runs > li").Count);

    /// <summary>The first words of the notices at the top of a page, in order.</summary>
    private static IEnumerable<string> NoticeHeads(Page page) =>
        page.All(".masthead .notice > strong").Select(head => Page.Plain(head).TrimEnd(':'));

    // The compiler maps source paths to /_/, so the path of the snapshots is derived from the repository's.
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
