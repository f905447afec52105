using BreakHis.Audit;
using BreakHis.Audit.Differences;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

public sealed class RerunChecksTests
{
    private static readonly FirstDifference Difference = new("a place", "1", "2", []);

    [Fact]
    public void A_rerun_passes_if_it_has_no_difference_and_the_environment_if_it_has_no_effect()
    {
        using var runs = new AuditedRuns();
        RecordedRun run = runs.Run();
        RecordedRun torch = With(run, "compute.torch", "2");
        RecordedRun machine = With(run, "machine.name", "another");

        Assert.Equal((AuditOutcome.Pass, AuditOutcome.Pass), Outcomes(run, null));
        Assert.Equal((AuditOutcome.Fail, AuditOutcome.Pass), Outcomes(run, Difference));
        Assert.Equal((AuditOutcome.Pass, AuditOutcome.Pass), Outcomes(torch, null));
        Assert.Equal((AuditOutcome.Fail, AuditOutcome.Inconclusive), Outcomes(torch, Difference));
        Assert.Equal((AuditOutcome.Pass, AuditOutcome.Pass), Outcomes(machine, null));
        Assert.Equal((AuditOutcome.Fail, AuditOutcome.Pass), Outcomes(machine, Difference));

        (AuditOutcome, AuditOutcome) Outcomes(RecordedRun again, FirstDifference? difference)
        {
            AuditEntry[] checks = [.. RerunChecks.Of(run, again, difference, cameWithRecord: false)];
            Assert.Equal(["rerun", "environment"], checks.Select(check => check.Name));
            Assert.All(checks, check => Assert.Equal((AuditLevel.Rerun, run.Summary.Id), (check.Level, check.Run)));
            return (checks[0].Outcome, checks[1].Outcome);
        }
    }

    [Fact]
    public void The_reason_names_the_difference_and_counts_what_was_reproduced()
    {
        using var runs = new AuditedRuns();
        RecordedRun run = runs.Run();
        RecordedRun again = With(With(run, "compute.torch", "2"), "machine.name", "another");

        AuditEntry[] failed = [.. RerunChecks.Of(run, again, Difference, cameWithRecord: true)];
        AuditEntry[] passed = [.. RerunChecks.Of(run, run, null, cameWithRecord: false)];

        Assert.Contains("a place", failed[0].Reason, StringComparison.Ordinal);
        Assert.Matches("compute.torch.*1.*2.*machine.name.*another", failed[1].Reason);
        Assert.DoesNotContain("compute.torch", passed[1].Reason, StringComparison.Ordinal);

        // Two epochs of bottleneck and one of fine_tune after epoch 0, whose state is hashed too; four validation images
        // per stage.
        Assert.Contains("3 epochs, 4 states", passed[0].Reason, StringComparison.Ordinal);
        Assert.Contains("8 predictions", passed[0].Reason, StringComparison.Ordinal);
        Assert.Contains("2 stages", passed[0].Reason, StringComparison.Ordinal);
    }

    /// <summary>It could have copied the result.</summary>
    [Fact]
    public void The_same_result_by_code_that_came_with_the_record_proves_nothing()
    {
        using var runs = new AuditedRuns();
        RecordedRun run = runs.Run();

        AuditEntry same = RerunChecks.Of(run, run, null, cameWithRecord: true).First();
        AuditEntry other = RerunChecks.Of(run, run, Difference, cameWithRecord: true).First();

        Assert.Equal((AuditOutcome.Inconclusive, AuditOutcome.Fail), (same.Outcome, other.Outcome));
        Assert.Contains("came with the record", same.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tool_is_the_recorded_one_if_all_of_its_assemblies_are_recorded_and_the_same()
    {
        using var folder = new TemporaryFolder();
        using var runs = new AuditedRuns();
        string module = typeof(RerunChecks).Assembly.ManifestModule.ModuleVersionId.ToString();
        File.Copy(typeof(RerunChecks).Assembly.Location, folder["BreakHis.dll"]);
        RecordedRun recorded = With(runs.Run(), "module.BreakHis", module);

        Assert.Null(ModuleIdentity.Difference(recorded, folder.Path, ["module.BreakHis"]));
        Assert.Contains(
            "module.Other is missing",
            ModuleIdentity.Difference(recorded, folder.Path, ["module.BreakHis", "module.Other"]),
            StringComparison.Ordinal
        );
        File.Delete(folder["BreakHis.dll"]);
        NamedPipe.Make(folder["BreakHis.dll"]);
        Assert.Contains(
            "BreakHis.dll",
            ModuleIdentity.Difference(recorded, folder.Path, ["module.BreakHis"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_second_rerun_shows_whether_the_difference_is_random()
    {
        Assert.Equal(
            (AuditOutcome.Pass, "repeat", "a"),
            (
                RerunChecks.Repeat("a", null).Outcome,
                RerunChecks.Repeat("a", null).Name,
                RerunChecks.Repeat("a", null).Run
            )
        );
        Assert.Equal(AuditOutcome.Fail, RerunChecks.Repeat("a", Difference).Outcome);
        Assert.Matches(
            "a place.*another place",
            RerunChecks.Repeat("a", Difference with { Others = ["another place"] }).Reason
        );
        Assert.Equal(AuditOutcome.Pass, RerunChecks.Tool("a", asThen: true, "why").Outcome);
        Assert.Equal(AuditOutcome.Inconclusive, RerunChecks.Tool("a", asThen: false, "why").Outcome);
        Assert.Equal(
            new AuditEntry(AuditLevel.Rerun, "rerun", "a", AuditOutcome.Inconclusive, "why"),
            RerunChecks.NotRerun("a", "why")
        );
    }

    [Fact]
    public void Differences_in_the_environment_start_with_those_in_the_fingerprint()
    {
        ProvenanceEntry[] first =
        [
            new("runtime.version", "1"),
            new("machine.name", "1"),
            new("environment.OMP", "1"),
            new("package.b", "1"),
            new("package.a", "1"),
            new("compute.torch", "1"),
            new("git.commit", "1"),
            new("machine.cores", "1"),
        ];
        ProvenanceEntry[] second =
        [
            .. first.Select(entry => entry with { Value = entry.Name == "machine.cores" ? "1" : "2" }).Skip(1),
            new("package.c", "2"),
        ];

        IReadOnlyList<EnvironmentDifference> found = EnvironmentDifference.Between(first, second);

        Assert.Equal(
            [
                new("compute.torch", "1", "2"),
                new("package.a", "1", "2"),
                new("package.b", "1", "2"),
                new("package.c", "none", "2"),
                new("environment.OMP", "1", "2"),
                new("machine.name", "1", "2"),
                new("runtime.version", "1", "none"),
            ],
            found
        );
        Assert.Equal([true, false, false, false, false, false, false], found.Select(d => d.Determines));
    }

    private static RecordedRun With(RecordedRun run, string name, string value) =>
        run with
        {
            Provenance = [.. run.Provenance.Where(entry => entry.Name != name), new ProvenanceEntry(name, value)],
        };
}
