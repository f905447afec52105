using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using Xunit;

namespace BreakHis.Training.Tests.Weights;

/// <summary>A spec may say how images are preprocessed, for weights that do not say it themselves.</summary>
[Collection(typeof(Wrapping))]
public sealed class GivenPreprocessingTests(WrappedFiles wrapped)
{
    private const string MobileNet = "mobilenet_v2";

    private static readonly PreprocessingSpec Given = new() { Mean = [0.5, 0.25, 0.2], Std = [0.5, 0.1, 0.2] };

    [Fact]
    public void The_means_and_deviations_of_torchvision_give_its_preprocessing()
    {
        PreprocessingSpec torchvision = new() { Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] };

        Assert.Equal(Digest.Of(Preprocessing.Torchvision), Digest.Of(Preprocessing.Of(torchvision)));
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb, 1, 51, 102, 204, -0.6f, 1.5f, 3)]
    [InlineData(ChannelOrder.Bgr, 1, 51, 102, 204, 0.6f, 1.5f, 0)]
    [InlineData(ChannelOrder.Rgb, 255, 51, 102, 204, 101, 1017.5f, 1019)]
    public void Each_channel_is_x_less_mean_divided_by_std(
        ChannelOrder order,
        int range,
        byte red,
        byte green,
        byte blue,
        float first,
        float second,
        float third
    )
    {
        float[] values = new float[3];
        Preprocessing.Of(Given with { ChannelOrder = order, Range = range }).Apply([red, green, blue], 1, 1, values);

        Assert.Equal(first, values[0], 1e-4f);
        Assert.Equal(second, values[1], 1e-3f);
        Assert.Equal(third, values[2], 1e-3f);
    }

    [Fact]
    public void A_file_that_does_not_say_it_is_assumed_to_be_torchvisions_unless_the_spec_says_it()
    {
        using var scratch = new TemporaryFolder();
        string file = wrapped["plain.pth"];
        var model = new ModelSpec { Backbone = MobileNet, Weights = WeightsFrom.Of(file) };

        WeightsPlan assumed = PlannedWeights.Of(model, file, "none");
        Assert.StartsWith(
            "plain.pth does not say how images are preprocessed",
            Assert.Single(assumed.Notes),
            StringComparison.Ordinal
        );
        WeightsPlan given = PlannedWeights.Of(model with { Preprocessing = Given }, file, "none") with
        {
            Given = Given,
        };
        Assert.Empty(given.Notes);
        Assert.Equal(PreprocessingText.Of(Preprocessing.Of(Given)), given.Preprocessing);
        Assert.Equal(assumed.Sha256, given.Sha256);
        AssertUses(Preprocessing.Torchvision, assumed);
        AssertUses(Preprocessing.Of(Given), given);

        using (PretrainedWeights read = WeightsReader.Read(file, MobileNet))
        {
            read.Write(scratch["assumed.safetensors"]);
            (read with { IsAssumed = false }).Write(scratch["with_metadata.safetensors"]);
        }

        Assert.Single(PlannedWeights.Of(model, scratch["assumed.safetensors"], "none").Notes);
        Assert.Empty(PlannedWeights.Of(model, scratch["with_metadata.safetensors"], "none").Notes);
        WeightsPlan replaced = PlannedWeights.Of(
            model with
            {
                Preprocessing = Given,
            },
            scratch["with_metadata.safetensors"],
            "none"
        );
        Assert.StartsWith(
            "the spec's preprocessing replaces that of the weights",
            Assert.Single(replaced.Notes),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Drawn_weights_use_it_too()
    {
        var model = new ModelSpec
        {
            Backbone = MobileNet,
            Weights = WeightsFrom.Drawn,
            Preprocessing = Given,
        };
        WeightsPlan drawn = PlannedWeights.Of(model, null, "none") with { Given = Given };

        AssertUses(Preprocessing.Of(Given), drawn);
        AssertUses(Preprocessing.MinusOneToOne, drawn with { Given = null });
    }

    [Theory]
    [InlineData(1, 0.485, 0.229, null)]
    [InlineData(255, 123.7, 58.4, null)]
    [InlineData(255, 0, 1, null)]
    [InlineData(1, 123.7, 58.4, "mean or std above 1, as for pixels from 0 to 255")]
    [InlineData(1, 0, 58.4, "mean or std above 1, as for pixels from 0 to 255")]
    [InlineData(255, 0.485, 0.229, "no mean or std above 1, as for pixels from 0 to 1")]
    public void Numbers_for_pixels_of_another_range_are_noted(int range, double mean, double std, string? note)
    {
        var model = new ModelSpec
        {
            Backbone = MobileNet,
            Weights = WeightsFrom.Drawn,
            Preprocessing = new()
            {
                Mean = [mean, mean, mean],
                Std = [std, std, std],
                Range = range,
            },
        };

        IReadOnlyList<string> notes = PlannedWeights.Of(model, null, "none").Notes;

        Assert.Equal(note is null ? 0 : 1, notes.Count);
        Assert.All(notes, said => Assert.Contains(note!, said, StringComparison.Ordinal));
    }

    private static void AssertUses(Preprocessing expected, WeightsPlan planned)
    {
        using var loaded = LoadedBackbone.Load(MobileNet, planned, seed: 1, "cpu");
        Assert.Equal(Digest.Of(expected), Digest.Of(loaded.Preprocessing));
    }
}
