using System.Globalization;
using BreakHis.Data.Pictures;
using BreakHis.Numerics;
using BreakHis.Specs;
using BreakHis.Testing;
using BreakHis.Training.Augmentation;
using Xunit;

namespace BreakHis.Training.Tests.Augmentation;

public sealed class AffineWarpTests
{
    [Fact]
    public void Random_warps_match_scipy()
    {
        var random = RandomStream.From(1, "affine test");
        List<string> cases = [];
        List<byte> pixels = [];
        List<byte> found = [];
        for (int i = 0; i < 60; i++)
        {
            int height = 1 + random.Below(40);
            int width = 1 + random.Below(40);
            double[] numbers =
            [
                random.Uniform(-3, 3),
                random.Uniform(-1, 1),
                random.Uniform(0.5, 1.5),
                random.Uniform(0.5, 1.5),
            ];
            var fill = (FillMode)(i % 3);
            byte[] rgb = [.. Enumerable.Range(0, height * width * 3).Select(_ => (byte)random.Below(256))];
            pixels.AddRange(rgb);
            cases.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{numbers[0]:R} {numbers[1]:R} {numbers[2]:R} {numbers[3]:R} {height} {width} {fill.ToString().ToLowerInvariant()}"
                )
            );
            var warp = AffineWarp.About(numbers[0], numbers[1], numbers[2], numbers[3], height, width);
            found.AddRange(warp.Apply(new Picture(width, height, rgb), fill).Rgb);
        }

        using var folder = new TemporaryFolder();
        File.WriteAllLines(folder["cases"], cases);
        File.WriteAllBytes(folder["pixels"], [.. pixels]);
        PythonReference.Run("numpy, scipy", "keras_affine.py", folder["cases"], folder["pixels"], folder["result"]);

        byte[] expected = File.ReadAllBytes(folder["result"]);
        Assert.Equal(expected.Length, found.Count);
        int different = expected.Where((value, i) => value != found[i]).Count();
        // A coordinate in the middle between two pixels may be rounded either way.
        Assert.True(different < expected.Length / 1000, $"{different} of {expected.Length} values differ");
    }

    [Fact]
    public void The_identity_changes_nothing_and_two_flips_cancel()
    {
        byte[] rgb = [.. Enumerable.Range(0, 5 * 4 * 3).Select(i => (byte)i)];
        var picture = new Picture(5, 4, rgb);
        var still = AffineWarp.About(0, 0, 1, 1, 4, 5);
        AffineWarp flip = still with { FlipHorizontally = true, FlipVertically = true };

        Assert.Equal(rgb, still.Apply(picture, FillMode.Constant).Rgb);
        Assert.Equal(rgb.Chunk(3).Reverse().SelectMany(p => p), flip.Apply(picture, FillMode.Nearest).Rgb);
        Assert.Equal(rgb, flip.Apply(flip.Apply(picture, FillMode.Nearest), FillMode.Nearest).Rgb);
    }

    [Fact]
    public void A_draw_depends_on_seed_epoch_and_image_and_stays_in_its_ranges()
    {
        var spec = new AugmentationSpec { Zoom = 0.3, HorizontalFlip = true };
        AffineWarp first = RandomWarp.Draw(spec, 1, 2, "a.png", 10, 10);

        Assert.Equal(first, RandomWarp.Draw(spec, 1, 2, "a.png", 10, 10));
        Assert.NotEqual(first, RandomWarp.Draw(spec, 2, 2, "a.png", 10, 10));
        Assert.NotEqual(first, RandomWarp.Draw(spec, 1, 3, "a.png", 10, 10));
        Assert.NotEqual(first, RandomWarp.Draw(spec, 1, 2, "b.png", 10, 10));
        AffineWarp[] many =
        [
            .. Enumerable.Range(1, 500).Select(epoch => RandomWarp.Draw(spec, 1, epoch, "a.png", 10, 10)),
        ];
        Assert.All(many, warp => Assert.InRange(warp.RowByRow, 0.7, 1.3));
        Assert.All(many, warp => Assert.False(warp.FlipVertically));
        Assert.InRange(many.Count(warp => warp.FlipHorizontally), 200, 300);
        Assert.Contains(many, warp => Math.Abs(warp.RowByRow - warp.ColumnByColumn) > 0.2);
    }

    /// <summary>Degrees in both directions. Without other changes, the matrix is a rotation.</summary>
    [Fact]
    public void Rotations_cover_exactly_their_range()
    {
        double[] degrees =
        [
            .. Draws(new AugmentationSpec { Rotation = 20 })
                .Select(warp => Math.Atan2(warp.ColumnByRow, warp.RowByRow) * 180 / Math.PI),
        ];

        Assert.All(degrees, angle => Assert.InRange(angle, -20, 20));
        Assert.Contains(degrees, angle => angle > 18);
        Assert.Contains(degrees, angle => angle < -18);
        Assert.Contains(degrees, angle => Math.Abs(angle) < 2);
    }

    /// <summary>Radians in both directions. Keras's shear matrix has the rows (1, -sin) and (0, cos).</summary>
    [Fact]
    public void Shears_cover_exactly_their_range()
    {
        AffineWarp[] draws = Draws(new AugmentationSpec { ShearRadians = 0.4 });
        double[] angles = [.. draws.Select(warp => Math.Asin(-warp.RowByColumn))];

        Assert.All(angles, angle => Assert.InRange(angle, -0.4, 0.4));
        Assert.Contains(angles, angle => angle > 0.36);
        Assert.Contains(angles, angle => angle < -0.36);
        Assert.All(draws, warp => Assert.Equal(1, warp.RowByRow, 1e-12));
        Assert.All(draws.Zip(angles), pair => Assert.Equal(Math.Cos(pair.Second), pair.First.ColumnByColumn, 1e-9));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Flips_occur_in_half_of_the_draws_and_only_if_enabled(bool horizontal, bool vertical)
    {
        AffineWarp[] draws = Draws(new AugmentationSpec { HorizontalFlip = horizontal, VerticalFlip = vertical });

        Assert.InRange(draws.Count(warp => warp.FlipHorizontally), horizontal ? 200 : 0, horizontal ? 300 : 0);
        Assert.InRange(draws.Count(warp => warp.FlipVertically), vertical ? 200 : 0, vertical ? 300 : 0);
    }

    private static AffineWarp[] Draws(AugmentationSpec spec) =>
        [.. Enumerable.Range(1, 500).Select(epoch => RandomWarp.Draw(spec, 1, epoch, "a.png", 10, 10))];
}
