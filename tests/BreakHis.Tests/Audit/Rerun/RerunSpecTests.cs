using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

/// <summary>A rerun uses the recorded spec with the current places of images and weights.</summary>
public sealed class RerunSpecTests : IDisposable
{
    private const string ImageNet = "imagenet";

    private readonly AuditedRuns _runs = new();
    private readonly RecordedRun _run;

    public RerunSpecTests() => _run = _runs.Run();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Images_and_weights_are_at_their_recorded_paths()
    {
        ExperimentSpec spec = Spec(_run);

        Assert.Equal(_runs.At("data"), spec.Data.Path);
        Assert.Equal(_runs.At("weights.bin"), spec.Model.Weights.Given);
        Assert.Equal(
            _run.Spec,
            CanonicalForm.Of(
                spec with
                {
                    Data = spec.Data with { Path = "data" },
                    Model = spec.Model with { Weights = WeightsFrom.Of("./weights.bin") },
                }
            )
        );
    }

    [Fact]
    public void Given_places_replace_the_recorded_ones()
    {
        ExperimentSpec spec = Spec(_run, data: "/moved", weights: "/moved.bin");

        Assert.Equal(("/moved", "/moved.bin"), (spec.Data.Path, spec.Model.Weights.Given));
    }

    [Theory]
    [InlineData("none", "resnet18_mlnet", "./weights.bin", false)]
    [InlineData("/missing", "resnet18_mlnet", "./weights.bin", false)]
    [InlineData(null, "resnet18_mlnet", ImageNet, false)]
    [InlineData(null, "resnet18_mlnet", "none", false)]
    [InlineData(null, "resnet18_mlnet", "./weights.bin", true)]
    [InlineData(null, "inception_v3", ImageNet, true)]
    public void Weights_keep_their_name_if_they_are_bundled_drawn_or_gone(
        string? recorded,
        string backbone,
        string weights,
        bool replaced
    )
    {
        RecordedRun run = Changed(spec =>
            spec with
            {
                Model = new ModelSpec { Backbone = backbone, Weights = WeightsFrom.Of(weights) },
            }
        );
        run = recorded is null ? run : With(run, "weights.file", recorded);

        Assert.Equal(replaced ? _runs.At("weights.bin") : weights, Spec(run).Model.Weights.Given);
    }

    [Fact]
    public void A_run_without_recorded_weights_keeps_their_name() =>
        Assert.Equal("./weights.bin", Spec(Without(_run, "weights.file")).Model.Weights.Given);

    [Fact]
    public void Weights_that_a_run_kept_are_found_in_its_folder_if_they_are_gone_from_the_recorded_one()
    {
        RecordedRun run = With(With(_run, "weights.file", "/gone/best.safetensors"), "weights.run", "abcdef0123");
        string kept = _runs.Home.Run("abcdef0123").File("fine_tune/best.safetensors");

        Assert.Equal("./weights.bin", Spec(run).Model.Weights.Given);
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllText(kept, "weights");
        Assert.Equal(kept, Spec(run).Model.Weights.Given);
    }

    [Fact]
    public void A_split_file_is_at_its_recorded_path()
    {
        RecordedRun run = Changed(spec =>
            spec with
            {
                Data = spec.Data with
                {
                    Split = new SplitSpec { By = SplitUnit.File, File = "sides.csv" },
                },
            }
        );

        Assert.Equal("sides.csv", Spec(run).Data.Split.File);
        Assert.Equal("/sides.csv", Spec(With(run, "data.split_file", "/sides.csv")).Data.Split.File);
        Assert.Null(Spec(With(_run, "data.split_file", "/sides.csv")).Data.Split.File);
    }

    [Fact]
    public void Synthetic_images_have_no_path()
    {
        RecordedRun run = Changed(spec =>
            spec with
            {
                Data = spec.Data with { Source = DataSource.Synthetic, Path = null, Synthetic = new SyntheticSpec() },
            }
        );

        Assert.Null(Spec(run, data: "/moved").Data.Path);
    }

    private ExperimentSpec Spec(RecordedRun run, string? data = null, string? weights = null) =>
        CanonicalForm.FromCanonical(RerunSpec.Of(run, _runs.Place(data, weights)).TrimEnd('\n'));

    private RecordedRun Changed(Func<ExperimentSpec, ExperimentSpec> change) =>
        _run with
        {
            Spec = CanonicalForm.Of(change(CanonicalForm.FromCanonical(_run.Spec))),
        };

    private static RecordedRun With(RecordedRun run, string name, string value) =>
        Without(run, name) with
        {
            Provenance = [.. Without(run, name).Provenance, new ProvenanceEntry(name, value)],
        };

    private static RecordedRun Without(RecordedRun run, string name) =>
        run with
        {
            Provenance = [.. run.Provenance.Where(entry => entry.Name != name)],
        };
}
