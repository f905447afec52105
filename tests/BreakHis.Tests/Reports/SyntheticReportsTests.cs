using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>The runs in tests of reports must be valid for a ledger, except the hostile ones.</summary>
public sealed class SyntheticReportsTests
{
    public static TheoryData<string> Names => ["one", "small", "by-image", "huge"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_ledger_stores_the_run_and_returns_it_unchanged(string name)
    {
        using var folder = new TemporaryFolder();
        using var ledger = LedgerDatabase.Open(folder["ledger.db"]);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");
        RecordedRun run = Assert.Single(SyntheticReports.All[name]);

        RecordedRun read = ledger.Load(Write(ledger, run));

        Assert.Equal(run.Summary.Id, read.Summary.Id);
        Assert.Equal((run.Spec, run.Plan), (read.Spec, read.Plan));
        Assert.Equal(run.Classes, read.Classes);
        Assert.Equal(run.Images, read.Images);
        Assert.Equal(run.Provenance, read.Provenance);
        Assert.Equal(run.Artifacts.OrderBy(artifact => artifact.Path, StringComparer.Ordinal), read.Artifacts);
        Assert.Equal(run.Stages.Select(stage => stage.Features), read.Stages.Select(stage => stage.Features));
        Assert.Equal(run.Stages.SelectMany(stage => stage.Epochs), read.Stages.SelectMany(stage => stage.Epochs));
        Assert.Equal(run.Stages.Select(stage => stage.End), read.Stages.Select(stage => stage.End));
        Assert.Equal(Predictions(run), Predictions(read));
    }

    [Fact]
    public void Each_run_has_a_unique_valid_id()
    {
        using var folder = new TemporaryFolder();
        using var ledger = LedgerDatabase.Open(folder["ledger.db"]);
        string[] ids =
        [
            .. SyntheticReports
                .Several.Concat([SyntheticReports.Small])
                .Select(run => run.Summary.Id)
                .Distinct(StringComparer.Ordinal),
        ];

        Assert.Equal(5, ids.Length);
        Assert.Equal(ids, ids.Select(id => ledger.Begin(SyntheticRun.New(id: id))));
    }

    /// <summary>Records a finished run event by event, as the tool does.</summary>
    private static string Write(LedgerDatabase ledger, RecordedRun run)
    {
        Plan plan = SyntheticRun.Plan(run.Summary.Name, images: run.Images);
        string id = ledger.Begin(
            new NewRun(
                plan with
                {
                    Data = plan.Data with { Classes = run.Classes },
                },
                run.Spec,
                run.Plan,
                run.Provenance,
                run.SplitChecks,
                SyntheticRun.New().Process,
                SyntheticRun.Start,
                run.Summary.Id
            )
        );
        foreach (RunEvent e in run.Stages.SelectMany(stage => Events(stage, run)).Append(new RunEnded()))
        {
            ledger.Record(id, e, SyntheticRun.Start);
        }

        ledger.Finish(id, run.Summary.State, run.Failure, SyntheticRun.Start);
        return id;
    }

    private static IEnumerable<RunEvent> Events(RecordedStage stage, RecordedRun run) =>
        [
            new StageStarted(stage.Name),
            .. stage.Features is { } features ? (RunEvent[])[features] : [],
            .. stage.Epochs,
            .. run.Artifacts.Where(artifact => artifact.Stage == stage.Name),
            .. stage.Predictions,
            stage.End!,
        ];

    private static IEnumerable<string> Predictions(RecordedRun run) =>
        run.Stages.SelectMany(stage => stage.Predictions).Select(p => $"{p.Image} {string.Join(' ', p.Probabilities)}");
}
