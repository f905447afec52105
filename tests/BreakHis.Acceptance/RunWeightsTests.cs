using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Runs that start from the weights that another run kept.</summary>
public sealed class RunWeightsTests
{
    internal const string Next = """
        extends: tiny.yaml
        name: next
        model: { weights: { run: tiny } }
        stages:
          bottleneck: null
          fine_tune: { start_from: weights, input_size: 64, batch_size: 2, epochs: 1 }
        """;

    [Fact]
    public async Task The_network_and_its_head_are_those_that_the_run_kept()
    {
        using Workplace place = await WithTiny();

        Outcome next = await place.Breakhis("run", "next.yaml");

        Assert.True(next.ExitCode == 0, $"{next}");
        string tiny = place.Query("select id from runs where name = 'tiny'")[0];
        Assert.Equal(
            place.Query(
                "select loss from stage_ends join runs on id = run_id where name = 'tiny' and stage = 'fine_tune'"
            ),
            place.Query("select validation_loss from epochs join runs on id = run_id where name = 'next' and epoch = 0")
        );
        Assert.Equal(
            [tiny, $"kept by run {tiny} (tiny)"],
            place.Query(
                "select value from provenance join runs on id = run_id where runs.name = 'next' and provenance.name in ('weights.run', 'weights.origin') order by provenance.name desc"
            )
        );
        Outcome show = await place.Breakhis("show", "next");
        Assert.Contains("  fine_tune.loop.dense: [16]", show.Output, StringComparison.Ordinal);
        Assert.Contains("mean image of 224 x 224", show.Output, StringComparison.Ordinal);
        Outcome audit = await place.Breakhis("audit", "next", "--rerun");
        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains("reproduced bit for bit", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_the_weights_were_trained_on_are_a_leak_on_another_side()
    {
        using Workplace place = await WithTiny();
        string tiny = place.Query("select id from runs")[0];
        string[] another = ["run", "next.yaml", "--dry-run", "--strict", "--set", "data.split.seed=5"];

        Outcome same = await place.Breakhis("run", "next.yaml", "--dry-run", "--strict");
        Outcome other = await place.Breakhis(another);

        Assert.True(same.ExitCode == 0, $"{same}");
        Assert.True(other.ExitCode == 2, $"{other}");
        Assert.Contains($"run {tiny}, which kept the weights, was trained on ", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_file_by_its_path_is_the_same_experiment_and_under_a_name_the_same_network()
    {
        using Workplace place = await WithTiny();
        string file = $"./.breakhis/runs/{place.Query("select id from runs")[0]}/fine_tune/best.safetensors";
        Outcome add = await place.Breakhis("weights", "add", "resnet18_mlnet", file, "--name", "mine");
        Assert.True(add.ExitCode == 0, $"{add}");
        Assert.Contains("  head           for 2 classes: benign, malignant\n", add.Output, StringComparison.Ordinal);

        Outcome run = await place.Breakhis("run", "next.yaml", "--quiet");
        Outcome path = await place.Breakhis("run", "next.yaml", "--set", $"model.weights={file}");
        Outcome named = await place.Breakhis("run", "next.yaml", "--quiet", "--set", "model.weights=mine");

        Assert.Equal((0, 0, 0), (run.ExitCode, path.ExitCode, named.ExitCode));
        Assert.Contains("already in the ledger", path.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["2"],
            place.Query("select count(*) from epochs join runs on id = run_id where name = 'next' and epoch = 1")
        );
        Assert.Single(
            place.Query(
                "select distinct state_sha256 from epochs join runs on id = run_id where name = 'next' and epoch = 1"
            )
        );
    }

    [Fact]
    public async Task Weights_that_cannot_be_used_are_reported()
    {
        using Workplace place = await WithTiny();
        string run = place.Query("select id from runs")[0];
        async Task Reports(string problem, params string[] options)
        {
            Outcome outcome = await place.Breakhis(["run", "next.yaml", "--dry-run", .. options]);
            Assert.True(outcome.ExitCode == 2, $"{outcome}");
            Assert.EndsWith(problem + "\n", outcome.Error, StringComparison.Ordinal);
        }

        await Reports(
            "error BH3001: model.weights: no run 'tini' in the ledger; did you mean 'tiny'?",
            "--set",
            "model.weights.run=tini"
        );
        await Reports(
            "model.weights.run: '@1' is not the ID of a run or the name of its spec",
            "--set",
            "model.weights.run=\"@1\""
        );
        await Reports(
            "error BH3001: model.weights: no ledger at "
                + place.At("other/ledger.db")
                + " yet; the first run creates it; run that spec first, in a call of its own",
            "tiny.yaml",
            "--home",
            "other"
        );
        await Reports(
            "error BH2001: stages.fine_tune.start_from: the weights have no head to start from; those that a run kept have one",
            "--set",
            $"model.weights={place.Query("select value from provenance where name = 'weights.file'")[0]}"
        );
        place.Write("elsewhere/copied.safetensors", "");
        File.Copy(
            place.At($".breakhis/runs/{run}/fine_tune/best.safetensors"),
            place.At("elsewhere/copied.safetensors"),
            overwrite: true
        );
        await Reports(
            $"error BH3001: model.weights: {place.At("elsewhere/copied.safetensors")}: was kept by a run, and is not in its folder: there is no {place.At("classes.json")}; use the file there, or add it from there with 'dotnet breakhis weights add'",
            "--set",
            "model.weights=./elsewhere/copied.safetensors"
        );
        string preprocessing = place.At($".breakhis/runs/{run}/preprocessing.safetensors");
        await File.AppendAllTextAsync(preprocessing, "x", TestContext.Current.CancellationToken);
        Outcome changed = await place.Breakhis("run", "next.yaml", "--dry-run");
        Assert.Contains(
            $"{preprocessing}: has changed since run {run} recorded it: it has ",
            changed.Error,
            StringComparison.Ordinal
        );
        File.Delete(preprocessing);
        await Reports($"error BH3001: model.weights: {preprocessing}: missing; run {run} recorded it");
    }

    private static async Task<Workplace> WithTiny()
    {
        var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.TinyImageNet);
        place.Write("next.yaml", Next);
        return place;
    }
}
