using BreakHis.Specs;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Layouts;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

public sealed class PreprocessingTests
{
    private static readonly byte[] Picture = [0, 100, 200, 255, 110, 210];

    [Fact]
    public void Planes_are_stored_one_after_the_other() =>
        Assert.Equal([0, 255, 100, 110, 200, 210], Apply(Preprocessing.Uniform(ChannelOrder.Rgb, 0, 1)));

    [Fact]
    public void Blue_comes_first_in_BGR() =>
        Assert.Equal([200, 210, 100, 110, 0, 255], Apply(Preprocessing.Uniform(ChannelOrder.Bgr, 0, 1)));

    [Fact]
    public void Each_plane_has_its_mean_and_scale() =>
        Assert.Equal(
            [-2, 508, 97 * 3, 107 * 3, 195, 205],
            Apply(new Preprocessing(ChannelOrder.Rgb, [1, 3, 5], [2, 3, 1]))
        );

    [Fact]
    public void Inputs_of_Inception_are_between_minus_one_and_one()
    {
        float[] values = new float[3];
        Preprocessing.MinusOneToOne.Apply([0, 255, 51], 1, 1, values);

        Assert.Equal(-1, values[0], 1e-6f);
        Assert.Equal(1, values[1], 1e-6f);
        Assert.Equal((51 / 127.5f) - 1, values[2], 1e-6f);
    }

    [Fact]
    public void A_mean_image_is_subtracted_pixel_by_pixel()
    {
        var image = new MeanImage(1, 2, [1, 2, 3, 4, 5, 6]);

        Assert.Equal(
            [199, 208, 97, 106, -5, 249],
            Apply(Preprocessing.Uniform(ChannelOrder.Bgr, 0, 1) with { MeanImage = image })
        );
    }

    [Theory]
    [InlineData(9, 13)]
    [InlineData(3, 2)]
    [InlineData(1, 1)]
    public void A_mean_image_is_resized_as_in_torch(int height, int width)
    {
        float[] values = [.. Enumerable.Range(0, 3 * 5 * 7).Select(i => i * 37 % 101f)];
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = nn.functional.interpolate(
            tensor(values, [1, 3, 5, 7]),
            [height, width],
            mode: InterpolationMode.Bilinear,
            align_corners: false
        );

        Closeness.Assure(
            expected.data<float>().ToArray(),
            new MeanImage(5, 7, values).Resize(height, width).Values,
            1e-6
        );
    }

    [Fact]
    public void Preparing_for_a_size_does_not_change_the_result()
    {
        Preprocessing whole = Preprocessing.Uniform(ChannelOrder.Rgb, 0, 1) with
        {
            MeanImage = new MeanImage(2, 1, [1, 3, 2, 4, 5, 5]),
        };

        Assert.Equal(Apply(whole), Apply(whole.ForSize(1, 2)));
    }

    [Fact]
    public void Lengths_must_match()
    {
        Assert.Throws<ArgumentException>(() => Preprocessing.MinusOneToOne.Apply(Picture, 2, 2, new float[12]));
        Assert.Throws<ArgumentException>(() => Preprocessing.MinusOneToOne.Apply(Picture, 1, 2, new float[7]));
    }

    private static float[] Apply(Preprocessing preprocessing)
    {
        float[] values = new float[6];
        preprocessing.Apply(Picture, 1, 2, values);
        return values;
    }
}
