using System.Globalization;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance.Faults;

/// <summary>Stopped runs, and what they find when they resume.</summary>
public sealed class ResumeTests
{
    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_stopped_run_resumes_and_ends_with_the_same_bits(string signal)
    {
        Running.SkipIfIgnored(signal);
        using Workplace place = UninterruptedRun.NewWorkplace();
        await Stop(place, signal, "--checkpoint-every", "1h");

        Outcome outcome = await GoOn(place);

        Assert.Matches(
            "resumes (in epoch [1-9] of fine_tune, after step [1-9]|after epoch [1-9] of fine_tune)",
            outcome.Error
        );
        Assert.DoesNotContain("bottleneck epoch", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["running", "interrupted", "running", "finished"],
            place.Query("select state from run_states order by number", "home")
        );
        await UninterruptedRun.MustMatch(place, "home", signal);
    }

    [Fact]
    public async Task An_interrupted_fresh_run_is_resumed_by_the_same_command()
    {
        using Workplace place = UninterruptedRun.NewWorkplace();
        string[] run = ["run", "whole.yaml", "--home", "home", "--set", "stages.fine_tune.epochs=1"];
        Outcome first = await place.Breakhis([.. run, "--quiet"]);
        Running running = place.StartBreakhis([.. run, "--fresh"]);
        await running.Says("bottleneck epoch   1", TimeSpan.FromMinutes(5));
        // dotnet passes on a signal that the whole process group got.
        running.Signal("TERM");
        running.Signal("TERM");
        string page = place.Read("reports/whole.html");
        Outcome stopped = await running.End();

        // The page of the finished run is not replaced by that of an interrupted one.
        Assert.Equal(page, place.Read("reports/whole.html"));
        Outcome again = await place.Breakhis([.. run, "--fresh"]);

        Assert.Equal((0, 130, 0), (first.ExitCode, stopped.ExitCode, again.ExitCode));
        Assert.Contains("\nStopping after this step.\n", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("resumes", again.Error, StringComparison.Ordinal);
        Assert.Equal(["finished", "finished"], place.Query("select state from run_summary order by number", "home"));
        Assert.Single(
            place.Query("select distinct state_sha256 from epochs where stage = 'fine_tune' and epoch = 1", "home")
        );
    }

    [Fact]
    public async Task An_interrupted_fresh_command_does_not_repeat_the_seeds_that_it_finished()
    {
        using Workplace place = UninterruptedRun.NewWorkplace();
        string[] run =
        [
            .. ((string[])["run", "whole.yaml", "--home", "home", "--fresh", "--seeds", "1..3"]),
            .. ((string[])["--set", "stages.fine_tune.epochs=1", "--set", "stages.bottleneck.epochs=2"]),
        ];
        for (int seed = 2; seed <= 3; seed++)
        {
            Running running = place.StartBreakhis(run);
            await running.Says($"seed {seed}: run ", TimeSpan.FromMinutes(5));
            running.Signal("TERM");
            Assert.Equal(130, (await running.End()).ExitCode);
        }

        Outcome again = await place.Breakhis(run);
        Assert.Equal(0, again.ExitCode);
        Assert.Equal(
            2,
            again.Error.Split('\n').Count(line => line.EndsWith("had finished it", StringComparison.Ordinal))
        );
        Assert.Equal(["1", "2", "3"], place.Query("select seed from runs order by number", "home"));

        Assert.Equal(0, (await place.Breakhis(run)).ExitCode);
        Assert.Equal(["1", "2", "3", "1", "2", "3"], place.Query("select seed from runs order by number", "home"));
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_detected_and_the_previous_one_is_used()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        await Stop(place, "TERM", "--checkpoint-every", "0s");
        string[] last = place
            .Query("select run_id, path from checkpoints order by number desc limit 1", "home")[0]
            .Split('|');
        FlipBit(place.At($"home/runs/{last[0]}/{last[1]}"));

        Outcome outcome = await GoOn(place);

        Assert.Contains($"{last[1]} has changed since it was written", outcome.Error, StringComparison.Ordinal);
        Assert.Matches("resumes (in epoch [1-9] of fine_tune, after step|after epoch) [1-9]", outcome.Error);
        await UninterruptedRun.MustMatch(place, "home", "a damaged checkpoint");
    }

    [Fact]
    public async Task If_every_checkpoint_is_missing_the_stage_is_repeated_and_compared()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        await Stop(place, "TERM", "--checkpoint-every", "0s");
        string run = place.Query("select id from runs", "home")[0];
        Directory.Delete(place.At($"home/runs/{run}/checkpoints"), recursive: true);
        FlipBit(place.At($"home/runs/{run}/bottleneck/best.safetensors"));

        Outcome outcome = await GoOn(place);

        Assert.Contains("at the beginning of bottleneck", outcome.Error, StringComparison.Ordinal);
        await UninterruptedRun.MustMatch(place, "home", "no checkpoint");
    }

    [Fact]
    public async Task A_resumed_run_with_different_results_fails_and_reports_the_difference()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        await Stop(place, "TERM", "--checkpoint-every", "1h");
        string run = place.Query("select id from runs", "home")[0];
        Directory.Delete(place.At($"home/runs/{run}/checkpoints"), recursive: true);
        await Forge(place, "epoch_ended", "\"stage\":\"fine_tune\"", "validation_loss", "0.5");

        Outcome outcome = await place.Breakhis("run", "whole.yaml", "--home", "home");

        Assert.True(outcome.ExitCode == 1, $"{outcome}");
        Assert.Contains("BH5004", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(
            "epoch 0 of fine_tune: not reproduced after the interruption",
            outcome.Error,
            StringComparison.Ordinal
        );
        // The ledger refused the epoch, so no one was shown it.
        Assert.DoesNotMatch("fine_tune +epoch +0/", outcome.Error);
        Assert.Equal("failed", place.Query("select state from run_summary", "home")[0]);
    }

    [Fact]
    public async Task A_run_with_an_edited_record_is_not_resumed()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        await Stop(place, "TERM", "--checkpoint-every", "1h");
        place.Edit("update checkpoints set best_sha256 = sha256, best_path = path, best_bytes = bytes", "home");

        Outcome outcome = await place.Breakhis("run", "whole.yaml", "--home", "home");

        Assert.True(outcome.ExitCode == 2, $"{outcome}");
        Assert.Contains("cannot be resumed: record", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("not as recorded", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("interrupted", place.Query("select state from run_summary", "home")[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damaged_features_in_the_cache_are_detected_and_rebuilt(bool truncated)
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        Outcome first = await place.Breakhis("run", "whole.yaml", "--home", "home", "--quiet");
        Assert.True(first.ExitCode == 0, $"{first}");
        string features = Directory
            .GetFiles(place.At("home/cache"), "features.safetensors", SearchOption.AllDirectories)
            .Single();
        byte[] whole = await File.ReadAllBytesAsync(features, TestContext.Current.CancellationToken);
        if (truncated)
        {
            await File.WriteAllBytesAsync(features, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        }
        else
        {
            FlipBit(features);
        }

        Outcome again = await place.Breakhis("run", "whole.yaml", "--home", "home", "--quiet", "--fresh");

        Assert.True(again.ExitCode == 0, $"{again}");
        Assert.Equal(whole, await File.ReadAllBytesAsync(features, TestContext.Current.CancellationToken));
        Assert.Equal(["0", "0"], place.Query("select from_cache from features", "home"));
        Assert.Single(
            place.Query("select distinct state_sha256 from epochs where stage = 'fine_tune' and epoch = 5", "home")
        );
    }

    [Fact]
    public async Task A_run_fails_cleanly_on_a_full_disk_and_in_a_read_only_folder()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using Workplace place = UninterruptedRun.NewWorkplace();
        Outcome can = await place.Start("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").End();
        Assert.SkipUnless(can.ExitCode == 0, "needs user namespaces to mount a small disk");
        string tool = Path.Combine(place.Tool, "dotnet-breakhis.dll");
        place.Write(
            "small.sh",
            $"""
            mkdir -p disk && mount -t tmpfs -o size=24m none disk
            run() (dotnet {tool} run whole.yaml --home disk/home --checkpoint-every 0s; echo "exit $?") 2>&1
            echo "== full"; run
            mount -o remount,size=24m,ro disk
            echo "== read-only"; run
            mount -o remount,size=400m,rw disk
            echo "== space"; run
            cp -r disk/home home
            """
        );

        Outcome outcome = await place.Start("unshare", "-rm", "bash", "small.sh").End();

        string[] parts = outcome.Output.Split("== ");
        Assert.True(parts.Length == 4, $"{outcome}");
        Assert.Matches(@"(?s)(disk is full|No space left).*exit 1", parts[1]);
        Assert.Matches(@"(?s)error BH(4001|5003): .*exit 2", parts[2]);
        Assert.Matches(@"(?s)resumes.*exit 0", parts[3]);
        Assert.DoesNotContain("   at ", outcome.Output, StringComparison.Ordinal);
        await UninterruptedRun.MustMatch(place, "home", "a small disk");
    }

    [Fact]
    public async Task Eight_processes_share_a_ledger()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        // With weights drawn from the seed, each seed would have features of its own.
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write("whole.yaml", UninterruptedRun.Spec);
        Running[] all =
        [
            .. Enumerable
                .Range(1, 8)
                .Select(seed =>
                    place.StartBreakhis(
                        "run",
                        "whole.yaml",
                        "--quiet",
                        "--seeds",
                        seed.ToString(CultureInfo.InvariantCulture),
                        "--report",
                        $"{seed}.html",
                        "--set",
                        "stages.fine_tune=null",
                        "--set",
                        "model.weights={run: tiny}"
                    )
                ),
        ];

        const string Whole = "name = 'whole'";
        Outcome[] outcomes = await Task.WhenAll(all.Select(running => running.End()));

        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == 0, $"{outcome}"));
        Assert.Equal(
            ["8|8"],
            place.Query($"select count(*), count(distinct seed) from run_summary where {Whole} and state = 'finished'")
        );
        Assert.Equal(["24"], place.Query($"select count(*) from epochs join runs on id = run_id where {Whole}"));
        Assert.Equal(["64"], place.Query($"select count(*) from predictions join runs on id = run_id where {Whole}"));
        Assert.Single(place.Query($"select distinct sha256 from features join runs on id = run_id where {Whole}"));
        // The run that kept the weights has features too, and other images.
        Assert.Equal(2, InCache(place, "features.safetensors").Length);
        Assert.Equal(2, InCache(place, "digests.json").Length);
    }

    private static string[] InCache(Workplace place, string name) =>
        Directory.GetFiles(place.At(".breakhis/cache"), name, SearchOption.AllDirectories);

    [Fact]
    public async Task If_two_processes_start_the_same_plan_one_works_and_the_other_waits()
    {
        using Workplace place = UninterruptedRun.NewWorkplace();
        Running[] both = [place.StartBreakhis("run", "whole.yaml"), place.StartBreakhis("run", "whole.yaml")];

        Outcome[] outcomes = await Task.WhenAll(both.Select(running => running.End()));

        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == 0, $"{outcome}"));
        Assert.Single(outcomes, o => o.Error.Contains("waiting for it to end", StringComparison.Ordinal));
        Assert.Single(outcomes, o => o.Error.Contains("already in the ledger", StringComparison.Ordinal));
        Assert.Equal(["1"], place.Query("select count(*) from runs"));
        await UninterruptedRun.MustMatch(place, ".breakhis", "two processes");
    }

    /// <summary>Edits a record so that all hashes fit.</summary>
    private static async Task Forge(Workplace place, string kind, string where, string column, string value)
    {
        string script = Path.Combine(SharedFolder.RepositoryRoot, "tests/hostile/forge_record.py");
        Outcome forged = await place.Start("python3", script, "home", kind, where, column, value).End();
        Assert.True(forged.ExitCode == 0, $"{forged}");
        File.Delete(place.At("home/ledger.db"));
        Outcome rebuilt = await place.Breakhis("ledger", "rebuild", "--home", "home");
        Assert.True(rebuilt.ExitCode == 0, $"{rebuilt}");
    }

    private static async Task Stop(Workplace place, string signal, params string[] options)
    {
        Running running = place.StartBreakhis(["run", "whole.yaml", "--home", "home", .. options]);
        await running.Says("fine_tune  epoch   1", TimeSpan.FromMinutes(5));
        running.Signal(signal);
        Outcome stopped = await running.End();
        Assert.True(stopped.ExitCode == 130, $"{stopped}");
    }

    private static async Task<Outcome> GoOn(Workplace place)
    {
        Outcome outcome = await place.Breakhis("run", "whole.yaml", "--home", "home");
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        return outcome;
    }

    private static void FlipBit(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^5] ^= 4;
        File.WriteAllBytes(path, bytes);
    }
}
