using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using BreakHis.Training.Features;
using BreakHis.Training.Stages;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests.Stages;

/// <summary>Runs that are interrupted outside of training steps.</summary>
public sealed class InterruptionTests
{
    private const string Spec = """
        name: interrupted
        threads: 1
        data:
          source: synthetic
          synthetic: { patients_per_subtype: 2, images_per_patient: 1, width: 32, height: 32 }
          magnifications: [100]
          label: malignancy
          split: { by: patient, validation: 0.5 }
        model: { backbone: mobilenet_v2, weights: none }
        stages:
          fine_tune:
            start_from: random
            train_from: features_18
            input_size: 32
            batch_size: 4
            epochs: 2
            batch_norm: batch_statistics_updating
        """;

    public static TheoryData<string, int, int> Moments =>
        new()
        {
            { "validation of epoch 2", 1, 2 },
            { "the last epoch", 2, 0 },
            { "predictions", 2, 0 },
        };

    private static readonly string BothStages = Spec.Replace(
            "  fine_tune:",
            "  bottleneck: { input_size: 32, epochs: 1 }\n  fine_tune:",
            StringComparison.Ordinal
        )
        .Replace("    start_from: random\n", "", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_checkpoint_is_written_and_the_run_ends_with_the_same_bits(string moment, int epoch, int step)
    {
        using var folder = new TemporaryFolder();
        Plan plan = PlanOf(Spec, out PictureSource pictures);
        (IReadOnlyList<RunEvent> whole, _) = await Run(plan, pictures, folder["whole"], null, _ => false);

        (IReadOnlyList<RunEvent> begun, bool interrupted) = await Run(
            plan,
            pictures,
            folder["parts"],
            null,
            IsMoment(moment)
        );
        Checkpoint last = begun.OfType<CheckpointWritten>().Last().Checkpoint;
        EpochEnded[] epochs = [.. begun.OfType<EpochEnded>().Where(e => e.Epoch <= last.Epoch)];
        (IReadOnlyList<RunEvent> resumed, _) = await Run(
            plan,
            pictures,
            folder["parts"],
            new ResumePoint(last.Stage, last, epochs),
            _ => false
        );

        Assert.True(interrupted);
        Assert.Equal((epoch, step), (last.Epoch, last.Step));
        Assert.Equal(Results(whole), Results([.. begun.Where(e => e is EpochEnded or ArtifactWritten), .. resumed]));
    }

    /// <summary>The record names the changed file with its hash, as that of somebody else can.</summary>
    [Theory]
    [InlineData("another state", "does not contain the state")]
    [InlineData("best weights", "do not give the scores")]
    [InlineData("no best weights", "names no weights of its best epoch")]
    [InlineData("a renamed tensor", "which no checkpoint of fine_tune has")]
    [InlineData("a smaller tensor", "has no fitting 'network.")]
    [InlineData("another type", "has no fitting 'network.")]
    [InlineData("no optimizer", "has no state of an optimizer")]
    [InlineData("a class too many", "has no classified images")]
    [InlineData("a broken optimizer", "cannot be restored")]
    public async Task A_checkpoint_that_contradicts_the_record_ends_the_run(string changed, string message)
    {
        using var folder = new TemporaryFolder();
        Plan plan = PlanOf(Spec, out PictureSource pictures);
        (IReadOnlyList<RunEvent> begun, _) = await Run(plan, pictures, folder["run"], null, IsMoment("the last epoch"));
        Checkpoint last = begun.OfType<CheckpointWritten>().Last().Checkpoint;
        EpochEnded[] epochs = [.. begun.OfType<EpochEnded>()];
        if (changed == "best weights")
        {
            string best = new HomeFolder(folder["run"]).Run("0123456789").File(last.Best!.Path);
            using SafeTensorsContent weights = SafeTensors.Read(best);
            SafeTensors.Write(best, [.. weights.Tensors.Select(tensor => (tensor.Key, tensor.Value.mul(-2)))]);
        }
        else if (changed == "no best weights")
        {
            last = last with { Best = null };
        }
        else if (changed == "another state")
        {
            epochs[^1] = epochs[^1] with { StateSha256 = "another" };
        }
        else
        {
            string state = new HomeFolder(folder["run"]).Run("0123456789").File(last.State.Path);
            using SafeTensorsContent saved = SafeTensors.Read(state);
            SafeTensors.Write(state, Changed(saved, changed), saved.Metadata);
            epochs[^1] = epochs[^1] with { StateSha256 = null };
        }

        TrainingException e = await Assert.ThrowsAsync<TrainingException>(() =>
            Run(plan, pictures, folder["run"], new ResumePoint(last.Stage, last, epochs), _ => false)
        );
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    /// <summary>Files with a hash that fits, as somebody else's home folder can have them.</summary>
    [Theory]
    [InlineData("name")]
    [InlineData("rows")]
    [InlineData("type")]
    public async Task Features_that_are_not_those_of_the_images_are_computed_again(string wrong)
    {
        using var folder = new TemporaryFolder();
        Plan plan = PlanOf(BothStages, out PictureSource pictures);
        var home = new HomeFolder(folder["run"]);
        string file = Path.Combine(home.Cached(plan.Bottleneck!.Features.Key), "features.safetensors");
        (IReadOnlyList<RunEvent> whole, _) = await Run(plan, pictures, home.Path, null, e => e is FeaturesReady);
        using (torch.Tensor features = new FeatureCache(home, plan.Bottleneck.Features.Key).Read())
        {
            SafeTensors.Write(
                file,
                [
                    wrong == "name" ? ("other", features)
                    : wrong == "rows" ? ("features", features[1..])
                    : ("features", features.to(torch.float64)),
                ]
            );
        }

        await File.WriteAllTextAsync(
            home.CachedHash(plan.Bottleneck.Features.Key),
            Sha256Hex.OfFile(file),
            TestContext.Current.CancellationToken
        );

        (IReadOnlyList<RunEvent> again, _) = await Run(plan, pictures, home.Path, null, e => e is FeaturesReady);

        Assert.Equal(whole.OfType<FeaturesReady>().Single(), again.OfType<FeaturesReady>().Single());
    }

    /// <summary>A part with a hash that fits, in the place where a killed extraction would leave it.</summary>
    [Fact]
    public async Task Edited_parts_of_features_are_computed_again_if_a_run_recorded_others()
    {
        using var folder = new TemporaryFolder();
        Plan plan = PlanOf(BothStages, out PictureSource pictures);
        string key = plan.Bottleneck!.Features.Key;
        List<string> warnings = [];
        FeaturesReady honest = await Features("honest", null);
        var edited = new HomeFolder(folder["edited"]);
        Directory.CreateDirectory(edited.Cached(key));
        using (torch.Tensor right = new FeatureCache(new HomeFolder(folder["honest"]), key).Read())
        using (torch.Tensor wrong = right.mul(2))
        {
            new FeatureCache(edited, key).WritePart(0, wrong);
        }

        FeaturesReady used = await Features("edited", honest.Sha256);

        Assert.Equal((honest.Sha256, false), (used.Sha256, used.FromCache));
        Assert.Contains("not those that an earlier run recorded", Assert.Single(warnings), StringComparison.Ordinal);

        async Task<FeaturesReady> Features(string name, string? recorded)
        {
            var home = new HomeFolder(folder[name]);
            var context = new RunContext(
                home,
                home.Run("0123456789"),
                pictures,
                new CheckpointInterval(null, TimeSpan.FromDays(1))
            )
            {
                RecordedFeatures = _ => recorded,
                Warn = text => warnings.Add(text),
            };
            await foreach (RunEvent e in Execution.In(context)(plan, null, TestContext.Current.CancellationToken))
            {
                if (e is FeaturesReady ready)
                {
                    return ready;
                }
            }

            throw new InvalidOperationException("no features");
        }
    }

    /// <summary>As <c>cache clean</c> does it at the worst moments.</summary>
    [Fact]
    public async Task Features_are_not_deleted_before_they_are_read()
    {
        using var folder = new TemporaryFolder();
        Plan plan = PlanOf(BothStages, out PictureSource pictures);
        string key = plan.Bottleneck!.Features.Key;
        var home = new HomeFolder(folder["home"]);
        var context = new RunContext(
            home,
            home.Run("0123456789"),
            pictures,
            new CheckpointInterval(null, TimeSpan.FromDays(1))
        );
        List<bool> deleted = [];

        await foreach (RunEvent e in Execution.In(context)(plan, null, TestContext.Current.CancellationToken))
        {
            if (e is Progressed { Activity: StageActivity.Features } or FeaturesReady)
            {
                Directory.CreateDirectory(home.Cached(key));
                deleted.Add(CacheFolder.Delete(home, key));
            }
        }

        Assert.NotEmpty(deleted[..^1]);
        Assert.All(deleted[..^1], done => Assert.False(done));
        Assert.True(deleted[^1]);
    }

    private static Predicate<RunEvent> IsMoment(string moment)
    {
        int epochs = 0;
        return e =>
        {
            epochs += e is EpochEnded ? 1 : 0;
            return moment switch
            {
                "validation of epoch 2" => epochs == 2 && e is Progressed { Activity: StageActivity.Validation },
                "the last epoch" => e is EpochEnded { Epoch: 2 },
                _ => e is ImagePredicted,
            };
        };
    }

    private static (string, torch.Tensor)[] Changed(SafeTensorsContent saved, string changed)
    {
        Dictionary<string, torch.Tensor> tensors = new(saved.Tensors, StringComparer.Ordinal);
        string bias = tensors.Keys.First(name => name.EndsWith(".bias", StringComparison.Ordinal));
        switch (changed)
        {
            case "a renamed tensor":
                tensors[bias["network.".Length..]] = tensors[bias];
                tensors.Remove(bias);
                break;
            case "a smaller tensor":
                tensors[bias] = tensors[bias][..1];
                break;
            case "another type":
                tensors[bias] = tensors[bias].to(torch.float64);
                break;
            case "no optimizer":
                tensors.Remove("optimizer");
                break;
            case "a class too many":
                tensors["classified"] = torch.tensor([0, 2], [1, 2]);
                break;
            default:
                tensors["optimizer"] = torch.zeros_like(tensors["optimizer"]);
                break;
        }

        return [.. tensors.Select(tensor => (tensor.Key, tensor.Value))];
    }

    private static async Task<(IReadOnlyList<RunEvent> Events, bool Interrupted)> Run(
        Plan plan,
        PictureSource pictures,
        string home,
        ResumePoint? from,
        Predicate<RunEvent> stop
    )
    {
        using var ctrlC = new CancellationTokenSource();
        var homeFolder = new HomeFolder(home);
        var context = new RunContext(
            homeFolder,
            homeFolder.Run("0123456789"),
            pictures,
            new CheckpointInterval(null, TimeSpan.FromDays(1))
        );
        List<RunEvent> events = [];
        try
        {
            await foreach (RunEvent e in Execution.In(context)(plan, from, ctrlC.Token))
            {
                events.Add(e);
                if (stop(e))
                {
                    await ctrlC.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return (events, true);
        }

        return (events, false);
    }

    /// <summary>What an interruption must not change: states and scores of epochs, predictions and kept weights.</summary>
    private static string[] Results(IReadOnlyList<RunEvent> events) =>
        [
            .. events
                .Select(e =>
                    e switch
                    {
                        EpochEnded epoch => $"{epoch.Epoch} {epoch.Train} {epoch.Validation} {epoch.StateSha256}",
                        ImagePredicted image => $"{image.Image} {string.Join(' ', image.Probabilities)}",
                        ArtifactWritten file => $"{file.Path} {file.Sha256}",
                        StageEnded end => $"{end.KeptEpoch} {end.Kept}",
                        _ => "",
                    }
                )
                .Where(line => line.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    private static Plan PlanOf(string yaml, out PictureSource pictures)
    {
        SpecFile file = SpecReader.ReadText(yaml, "x.yaml", [], null, Environment.GetEnvironmentVariable);
        Assert.Empty(file.Problems);
        SpecVariant variant = file.Variants[0];
        pictures = PictureSources.Of(variant.Spec.Data, null);
        return PlanResolution.Resolve(
            variant,
            "x.yaml",
            Catalogue.Of(variant.Spec.Data, null, pictures),
            PlannedWeights.Of(variant.Spec.Model, null, "none"),
            new MachineFacts("cpu", new Dictionary<string, string>(StringComparer.Ordinal))
        );
    }
}
