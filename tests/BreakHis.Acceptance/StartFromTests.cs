using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Fine-tuning from a randomly drawn head.</summary>
public sealed class StartFromTests
{
    /// <summary>A complete network trained from scratch: no bottleneck stage, weights drawn.</summary>
    private const string Scratch = """
        name: scratch
        seeds: [3]
        threads: 1
        data:
          source: synthetic
          synthetic: { patients_per_subtype: 2, images_per_patient: 1, width: 64, height: 64, seed: 5 }
          magnifications: [100]
          label: malignancy
          split: { by: patient, validation: 0.5, seed: 2 }
        model: { backbone: resnet18_mlnet, weights: none }
        stages:
          fine_tune:
            start_from: random
            train_from: stem
            head: { dense: [8] }
            batch_norm: inference_if_frozen
            input_size: 64
            batch_size: 4
            epochs: 2
        """;

    private const string Untrained =
        "select validation_loss from epochs join runs on runs.id = run_id where stage = 'fine_tune' and epoch = 0 order by runs.number";

    [Fact]
    public async Task A_network_is_trained_from_scratch_without_a_bottleneck_stage()
    {
        using var place = new Workplace();
        place.Write("scratch.yaml", Scratch);

        Outcome run = await place.Breakhis("run", "scratch.yaml", "--seeds", "3..4");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(["finished", "finished"], place.Query("select state from run_summary"));
        Assert.Equal(
            ["fine_tune|0", "fine_tune|1", "fine_tune|2"],
            place.Query("select distinct stage, epoch from epochs order by epoch")
        );
        Assert.Equal(
            ["classes.json", "fine_tune/best.safetensors", "preprocessing.safetensors"],
            place.Query("select distinct path from artifacts order by path")
        );
        Assert.Equal(2, place.Query(Untrained).Distinct(StringComparer.Ordinal).Count());

        Outcome audit = await place.Breakhis("audit", "--all");
        Assert.True(audit.ExitCode == 0, $"{audit}");
        Outcome report = await place.Breakhis("report", "@1", "@2", "--out", "both.html");
        Assert.True(report.ExitCode == 0, $"{report}");
        Outcome show = await place.Breakhis("show", "@1");
        Assert.Contains("  fine_tune.start_from: random", show.Output, StringComparison.Ordinal);
        Outcome again = await place.Breakhis("run", "scratch.yaml");
        Assert.Contains("already in the ledger", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_bottleneck_stage_a_drawn_head_differs_from_the_kept_one()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        Outcome drawn = await place.Breakhis(
            "run",
            "tiny.yaml",
            "--quiet",
            "--set",
            "stages.fine_tune.start_from=random"
        );

        Assert.True(drawn.ExitCode == 0, $"{drawn}");
        Assert.Equal(2, place.Query("select distinct fingerprint from runs").Count);
        Assert.Equal(2, place.Query(Untrained).Distinct(StringComparer.Ordinal).Count());
        Assert.Single(place.Query("select distinct state_sha256 from epochs where stage = 'bottleneck' and epoch = 3"));
    }
}
