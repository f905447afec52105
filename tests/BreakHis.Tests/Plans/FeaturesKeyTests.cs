using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs.Reading;
using Xunit;

namespace BreakHis.Tests.Plans;

/// <summary>Features are cached under the hash of exactly those settings that determine them.</summary>
public sealed class FeaturesKeyTests
{
    private const string Spec = """
        name: a
        threads: 2
        data:
          source: folders
          path: /data
          split: { by: image, validation: 0.5, seed: 1 }
        model: { backbone: inception_v3, weights: /weights }
        stages:
          bottleneck: { input_size: 299, resize: bilinear, epochs: 3 }
        """;

    private static readonly Input Start = new(
        [],
        [.. Enumerable.Range(0, 8).Select(i => $"{i:x64}")],
        "cpu",
        $"{77:x64}",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "2.10.0.0", ["skiasharp"] = "4.155.0" }
    );

    public static TheoryData<string, Func<Input, Input>> Determining =>
        new()
        {
            { "an image", input => input with { Images = [.. input.Images[..7], $"{99:x64}"] } },
            {
                "the order of images",
                input => input with { Images = [input.Images[1], input.Images[0], .. input.Images[2..]] }
            },
            { "one image less", input => input with { Images = input.Images[..7] } },
            { "backbone", input => input.Set("model.backbone=resnet18_mlnet") },
            { "weights, and so their preprocessing", input => input with { Weights = $"{78:x64}" } },
            { "input size", input => input.Set("stages.bottleneck.input_size=298") },
            { "resize filter", input => input.Set("stages.bottleneck.resize=nearest") },
            { "threads", input => input.Set("threads=1") },
            { "device", input => input with { Device = "cuda" } },
            { "the version of a library", input => input.With("libtorch", "2.10.0.1") },
            { "the decoder", input => input.With("skiasharp", "4.155.1") },
            { "a further library", input => input.With("another", "1") },
        };

    public static TheoryData<string, Func<Input, Input>> Indifferent =>
        new()
        {
            { "name", input => input.Set("name=b") },
            { "seed, where weights are given", input => input.Set("seeds=[5]") },
            { "split", input => input.Set("data.split.seed=2") },
            { "head", input => input.Set("stages.bottleneck.head.dense=[3]") },
            { "epochs", input => input.Set("stages.bottleneck.epochs=4") },
            { "batch size", input => input.Set("stages.bottleneck.batch_size=4") },
            { "place of the data", input => input.Set("data.path=/elsewhere") },
            { "a second stage", input => input.Set("stages.fine_tune={train_from: Mixed_7b}") },
        };

    [Theory]
    [MemberData(nameof(Determining))]
    public void Settings_that_determine_features_change_their_key(string what, Func<Input, Input> change) =>
        Assert.True(Key(Start) != Key(change(Start)), what);

    [Theory]
    [MemberData(nameof(Indifferent))]
    public void Other_settings_do_not_change_the_key_of_features(string what, Func<Input, Input> change) =>
        Assert.True(Key(Start) == Key(change(Start)) && Plan(Start).SpecHash != Plan(change(Start)).SpecHash, what);

    [Fact]
    public void Drawn_weights_depend_on_the_seed_and_the_key_contains_the_precision()
    {
        Input drawn = Start with { Weights = "none" };

        Assert.NotEqual(Key(drawn), Key(drawn.Set("seeds=[5]")));
        Assert.Contains(
            "\"precision\":\"float32\"",
            PlanJson.Determining(Plan(Start).Bottleneck!.Features).ToString(),
            StringComparison.Ordinal
        );
    }

    private static string Key(Input input) => Plan(input).Bottleneck!.Features.Key;

    private static Plan Plan(Input input)
    {
        SpecFile file = SpecReader.ReadText(Spec, "/specs/a.yaml", input.Sets, null, _ => null);
        Assert.Empty(file.Problems);
        IEnumerable<CatalogueImage> images = input.Images.Select(
            (hash, i) => new CatalogueImage($"{"ab"[i % 2]}/{i}.png", hash, "ab"[i % 2].ToString(), null, "", 0, null)
        );
        return PlanResolution.Resolve(
            file.Variants[0],
            "a.yaml",
            new Catalogue([.. images], "/data"),
            new WeightsPlan(input.Weights == "none" ? null : "/weights", input.Weights, "synthetic"),
            new MachineFacts(input.Device, input.Software)
        );
    }

    /// <summary>The inputs from which a plan is resolved.</summary>
    public sealed record Input(
        IReadOnlyList<string> Sets,
        string[] Images,
        string Device,
        string Weights,
        Dictionary<string, string> Software
    )
    {
        public Input Set(string set) => this with { Sets = [.. Sets, set] };

        public Input With(string software, string value) =>
            this with
            {
                Software = new(Software, StringComparer.Ordinal) { [software] = value },
            };
    }
}
