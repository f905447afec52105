using Xunit;

namespace BreakHis.Acceptance;

/// <summary>A run, from the command line to the ledger and the report.</summary>
public sealed class RunTests
{
    private const string Everything =
        "select stage, epoch, train_loss, train_accuracy, validation_loss, validation_accuracy, validation_macro_f1, is_best from epochs e join runs r on r.id = e.run_id order by r.number, stage, epoch";

    private const string Predictions =
        "select stage, image, truth, predicted, patient, probabilities from predictions p join runs r on r.id = p.run_id order by r.number, stage, image";

    private const string Weights =
        "select path, sha256 from artifacts a join runs r on r.id = a.run_id order by r.number, path, a.number";

    [Fact]
    public async Task A_run_outside_a_repository_writes_both_stages_to_ledger_and_report()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome run = await place.Breakhis("run", "tiny.yaml");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains("bottleneck", run.Output, StringComparison.Ordinal);
        Assert.Contains("fine_tune", run.Output, StringComparison.Ordinal);
        Assert.Equal(["finished"], place.Query("select state from run_summary"));
        Assert.Equal(
            ["bottleneck|1", "bottleneck|2", "bottleneck|3", "fine_tune|0", "fine_tune|1", "fine_tune|2"],
            place.Query("select stage, epoch from epochs order by stage, epoch")
        );
        Assert.Equal(["8"], place.Query("select count(*) from images"));
        Assert.Equal(
            ["bottleneck|4", "fine_tune|4"],
            place.Query("select stage, count(*) from predictions group by stage order by stage")
        );
        Assert.Equal(["none"], place.Query("select substr(value, 1, 4) from provenance where name = 'git.repository'"));
        string report = place.Read("reports/tiny.html");
        Assert.StartsWith("<!doctype html>", report, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<svg", report, StringComparison.Ordinal);

        foreach (
            string artifact in place.Query(
                "select r.id || '/' || a.path || '|' || a.sha256 from artifacts a join runs r on r.id = a.run_id"
            )
        )
        {
            string[] parts = artifact.Split('|');
            byte[] content = File.ReadAllBytes(place.At(".breakhis/runs/" + parts[0]));
            Assert.Equal(parts[1], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content)));
        }

        Outcome again = await place.Breakhis("run", "tiny.yaml");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("already in the ledger", again.Error, StringComparison.Ordinal);
        Assert.Equal(["1"], place.Query("select count(*) from runs"));

        Outcome respelled = await place.Breakhis("run", "tiny.yaml", "--set", "stages.bottleneck.head.dropout=2.5e-1");
        Assert.Contains("already in the ledger", respelled.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_spec_leads_to_the_run_that_answers_it()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("other.yaml", "extends: tiny.yaml\nname: other\n");
        string[] headOnly = ["--quiet", "--set", "stages.fine_tune=null"];
        await place.Breakhis(["run", "tiny.yaml", .. headOnly]);

        Outcome run = await place.Breakhis(["run", "other.yaml", .. headOnly]);
        await place.Breakhis(["run", "other.yaml", .. headOnly]);
        Outcome show = await place.Breakhis("show", "other");
        Outcome audit = await place.Breakhis("audit", "other", "--level", "record");
        Outcome report = await place.Breakhis("report", "other");

        string id = place.Query("select id from runs").Single();
        Assert.Contains($"{id}  other (recorded as tiny)  seed 3  finished", run.Output, StringComparison.Ordinal);
        Assert.StartsWith($"{id}  tiny\n", show.Output, StringComparison.Ordinal);
        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.EndsWith("/reports/other.html\n", report.Output, StringComparison.Ordinal);
        Assert.Equal(["1"], place.Query("select count(*) from records where kind = 'answered'"));
    }

    [Fact]
    public async Task With_a_page_named_the_runs_of_all_specs_are_on_it_and_on_no_other()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        File.Delete(place.At("reports/tiny.html"));
        place.Write("other.yaml", "extends: tiny.yaml\nname: other\nstages: { fine_tune: { epochs: 1 } }\n");

        string[] specs = ["tiny.yaml", "other.yaml", "tiny.yaml"];
        Outcome run = await place.Breakhis(["run", .. specs, "--quiet", "--report", "both.html"]);

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Single(run.Output.Split('\n'), line => line.StartsWith("report: ", StringComparison.Ordinal));
        string page = place.Read("both.html");
        Assert.All(place.Query("select id from runs"), id => Assert.Contains(id, page, StringComparison.Ordinal));
        Assert.Contains("<table class=\"verdicts\">", page, StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.At("reports")) && Directory.GetFiles(place.At("reports")).Length > 0);
    }

    [Fact]
    public async Task A_finished_run_without_its_files_is_named()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string id = place.Query("select id from runs")[0];
        File.Delete(place.At($".breakhis/runs/{id}/fine_tune/best.safetensors"));

        Outcome again = await place.Breakhis("run", "tiny.yaml");

        Assert.True(again.ExitCode == 0, $"{again}");
        Assert.Contains(
            $"already in the ledger as {id}, but files that it kept are missing; use --fresh to run it again",
            again.Error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("tiny.yaml")]
    [InlineData("tiny-inception.yaml")]
    public async Task Two_processes_give_the_same_bits(string spec)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.TinyImageNet);
        place.Write("tiny-inception.yaml", SpecTexts.TinyInception);

        Outcome first = await place.Breakhis("run", spec, "--home", "first", "--threads", "2", "--quiet");
        Outcome second = await place.Breakhis("run", spec, "--home", "second", "--threads", "2", "--quiet");

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, $"{first}\n{second}");
        foreach (string query in (string[])[Everything, Predictions, Weights, "select fingerprint from runs"])
        {
            IReadOnlyList<string> rows = place.Query(query, "first");
            Assert.NotEmpty(rows);
            Assert.Equal(rows, place.Query(query, "second"));
        }
    }

    [Fact]
    public async Task A_different_seed_or_thread_count_changes_the_fingerprint()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        HashSet<string> fingerprints = new(StringComparer.Ordinal);
        foreach (
            string[] change in (string[][])
                [
                    [],
                    ["--seeds", "4"],
                    ["--threads", "2"],
                    ["--set", "stages.fine_tune.epochs=3"],
                    ["--set", "data.split.seed=3"],
                ]
        )
        {
            Outcome plan = await place.Breakhis(["run", "tiny.yaml", "--dry-run", .. change]);
            Assert.True(plan.ExitCode == 0, $"{plan}");
            fingerprints.Add(
                plan.Output.Split('\n').First(line => line.Contains("fingerprint", StringComparison.Ordinal))
            );
        }

        Assert.Equal(5, fingerprints.Count);
        Assert.False(Directory.Exists(place.At(".breakhis")), "a dry run leaves nothing behind");
    }

    [Fact]
    public async Task A_second_stage_uses_cached_features_of_the_first_run()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        await place.Breakhis("run", "tiny.yaml", "--quiet", "--set", "stages.bottleneck.epochs=4");

        Assert.Equal(
            ["0", "1"],
            place.Query("select from_cache from features f join runs r on r.id = f.run_id order by r.number")
        );
        string key = Assert.Single(place.Query("select distinct key from features"));
        Outcome list = await place.Breakhis("cache", "list");
        Assert.Contains(key[..12], list.Output, StringComparison.Ordinal);
        Outcome kept = await place.Breakhis("cache", "clean", "--unused", "1d", "--keep", "1GB");
        Assert.Contains("0 entries deleted", kept.Output, StringComparison.Ordinal);
        Outcome cleaned = await place.Breakhis("cache", "clean", "--keep", "0");
        Assert.Contains("2 entries deleted", cleaned.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(place.At(".breakhis/cache")));
        Outcome nothing = await place.Breakhis("cache", "clean", "--keep", "much");
        Assert.Equal(2, nothing.ExitCode);
    }

    [Fact]
    public async Task A_matrix_with_seeds_gives_one_run_per_combination_and_one_report()
    {
        using var place = new Workplace();
        place.Write(
            "matrix.yaml",
            """
            extends: tiny.yaml
            name: matrix
            seeds: [1, 2]
            matrix:
              stages.fine_tune.batch_norm: [inference, batch_statistics]
            """
        );
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome run = await place.Breakhis("run", "matrix.yaml", "--quiet", "--set", "stages.fine_tune.epochs=1");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(["4"], place.Query("select count(distinct fingerprint) from runs"));
        Assert.Equal("matrix.html", Path.GetFileName(Assert.Single(Directory.GetFiles(place.At("reports")))));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_interrupted_run_keeps_its_finished_epochs(string signal)
    {
        Running.SkipIfIgnored(signal);
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Running running = place.StartBreakhis("run", "tiny.yaml", "--set", "stages.fine_tune.epochs=10000");
        await running.Says("fine_tune  epoch   2", TimeSpan.FromMinutes(5));
        running.Signal(signal);
        Outcome outcome = await running.End();

        Assert.True(outcome.ExitCode == 130, $"{outcome}");
        Assert.Equal(["interrupted"], place.Query("select state from run_summary"));
        Assert.True(int.Parse(place.Query("select max(epoch) from epochs where stage = 'fine_tune'")[0], null) >= 2);
        Assert.Contains("nterrupted", place.Read("reports/tiny.html"), StringComparison.Ordinal);
        Outcome show = await place.Breakhis("show", "@1");
        Assert.Contains("interrupted", show.Output, StringComparison.Ordinal);
        Outcome list = await place.Breakhis("list");
        Assert.Contains("interrupted", list.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diverging_run_fails_in_one_line_and_is_recorded()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome run = await place.Breakhis(
            "run",
            "tiny.yaml",
            "--quiet",
            "--set",
            "stages.fine_tune.optimizer={sgd: {learning_rate: 1e30}}"
        );

        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Contains("the loss is not a number", run.Error, StringComparison.Ordinal);
        Assert.Equal(["failed"], place.Query("select state from run_summary"));
    }

    [Fact]
    public async Task A_run_whose_last_update_diverges_fails_too()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome run = await place.Breakhis(
            "run",
            "tiny.yaml",
            "--quiet",
            "--set",
            "stages.bottleneck={batch_size: 64, epochs: 1, input_size: 64, optimizer: {sgd: {learning_rate: 1e38}}}"
        );

        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Equal(["failed"], place.Query("select state from run_summary"));
        foreach (string command in (string[])["show", "list"])
        {
            Outcome json = await place.Breakhis(command, "--json");
            Assert.True(json.ExitCode == 0, $"{json}");
            Assert.Contains("\"state\":\"failed\"", json.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task In_a_repository_commit_and_uncommitted_code_are_recorded_but_not_results()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        string commands =
            "git init -q . && git config user.email a@b.c && git config user.name n && git add . && git commit -qm first && git rev-parse HEAD";
        Outcome git = await place.Start("bash", "-c", commands).End();
        Assert.True(git.ExitCode == 0, $"{git}");
        await place.Breakhis("run", "tiny.yaml", "--quiet", "--set", "stages.fine_tune.epochs=1");
        place.Write("code.py", "untracked");
        place.Write("notes.txt", "not code");
        place.Write("kaggle.json", "{}");

        Outcome run = await place.Breakhis(
            "run",
            "tiny.yaml",
            "--quiet",
            "--seeds",
            "9",
            "--set",
            "stages.fine_tune.epochs=1"
        );

        Assert.True(run.ExitCode == 0, $"{run}");
        string commit = git.Output.Trim();
        Assert.Equal([commit, commit], place.Query("select value from provenance where name = 'git.commit'"));
        Assert.Equal(
            ["no", "yes"],
            place.Query(
                "select value from provenance p join runs r on r.id = p.run_id where p.name = 'git.dirty' order by r.number"
            )
        );
        string patch = Assert.Single(
            place.Query("select value from provenance where name = 'git.patch' and value <> ''")
        );
        Assert.Contains("+untracked", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("not code", patch, StringComparison.Ordinal);
        Assert.Contains(
            "note: not recorded, because they seem to contain secrets: 1 changed or untracked file (kaggle.json)",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("ledger", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("tiny.html", patch, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synthetic_tissue_is_still_marked_after_writing_and_reading_it()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write(
            "read.yaml",
            """
            extends: tiny.yaml
            name: read
            data: { source: breakhis, path: tissue/BreaKHis_v1, synthetic: null }
            """
        );
        await place.Breakhis("data", "synthesize", "tiny.yaml", "--out", "tissue");

        Outcome run = await place.Breakhis(
            "run",
            "read.yaml",
            "tiny.yaml",
            "--quiet",
            "--set",
            "stages.fine_tune.epochs=1"
        );

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains("Synthetic tissue", place.Read("reports/read.html"), StringComparison.Ordinal);
        Assert.Single(place.Query("select distinct loss from stage_ends where stage = 'bottleneck'"));
        Outcome report = await place.Breakhis("report", "@2", "@1", "--out", "both.html");
        Assert.True(report.ExitCode == 0, $"{report}");
        Assert.Contains("Not comparable", place.Read("both.html"), StringComparison.Ordinal);
    }
}
