using System.Security.Cryptography;
using BreakHis.Data.Synthetic;
using Xunit;

namespace BreakHis.Tests.Data.Synthetic;

public sealed class TissueDrawTests
{
    private static readonly TissueSpec Spec = new(1, 1, 48, 32, [100, 400], 11);

    /// <summary>If these hashes change, runs on synthetic tissue are no longer reproduced.</summary>
    [Theory]
    [InlineData("A", "3a374b2e279bf2a5")]
    [InlineData("F", "3e3ad9b3e718c892")]
    [InlineData("PT", "f5ba68286d503947")]
    [InlineData("TA", "7feb173b6f257507")]
    [InlineData("DC", "dfe74bf70c356d61")]
    [InlineData("LC", "7b73e92c13aab10e")]
    [InlineData("MC", "a0b4989dbc393b0c")]
    [InlineData("PC", "622f01dcb526c94c")]
    public void Pixels_are_golden(string subtype, string sha256)
    {
        IEnumerable<SlideImage> images = Tissue
            .Layout(Spec)
            .Where(image => string.Equals(image.Subtype, subtype, StringComparison.Ordinal));
        byte[] pixels = images.SelectMany(image => Tissue.Draw(Spec, image)).ToArray();
        Assert.Equal(2 * 48 * 32 * 3, pixels.Length);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(pixels))[..16]);
    }

    [Fact]
    public void Order_and_threads_do_not_matter()
    {
        IReadOnlyList<SlideImage> images = Tissue.Layout(Spec);
        byte[][] expected = images.Select(image => Tissue.Draw(Spec, image)).ToArray();
        byte[][] drawn = new byte[images.Count][];
        Parallel.For(
            0,
            images.Count,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 2,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            i => drawn[images.Count - 1 - i] = Tissue.Draw(Spec, images[images.Count - 1 - i])
        );
        Assert.Equal(expected, drawn);
    }

    [Fact]
    public void Numbers_of_patients_and_images_do_not_matter()
    {
        SlideImage image = Tissue.Layout(Spec)[5];
        Assert.Equal(
            Tissue.Draw(Spec, image),
            Tissue.Draw(Spec with { PatientsPerSubtype = 9, ImagesPerPatient = 7, Magnifications = [400] }, image)
        );
    }

    [Fact]
    public void No_two_images_are_alike()
    {
        TissueSpec spec = Spec with { PatientsPerSubtype = 2, ImagesPerPatient = 2, Magnifications = [400] };
        IReadOnlyList<SlideImage> images = Tissue.Layout(spec);
        IEnumerable<string> hashes = images.Select(image =>
            Convert.ToHexString(SHA256.HashData(Tissue.Draw(spec, image)))
        );
        Assert.Equal(images.Count, hashes.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_different_seed_gives_different_pixels()
    {
        SlideImage image = Tissue.Layout(Spec)[0];
        Assert.NotEqual(Tissue.Draw(Spec, image), Tissue.Draw(Spec with { Seed = 12 }, image));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(400)]
    public void Small_and_large_images_show_the_same_field(int magnification)
    {
        var spec = new TissueSpec(1, 1, 96, 64, [magnification], 5);
        foreach (SlideImage image in Tissue.Layout(spec))
        {
            byte[] small = Tissue.Draw(spec, image);
            byte[] large = Tissue.Draw(spec with { Width = 288, Height = 192 }, image);
            double[] shrunk = Enumerable.Range(0, small.Length).Select(i => Shrunk(large, i)).ToArray();
            Assert.True(Correlation(small, shrunk) > 0.9, $"{image.Path}: {Correlation(small, shrunk)}");
        }
    }

    [Fact]
    public void Colour_differs_by_patient_more_than_by_image()
    {
        var spec = new TissueSpec(4, 3, 36, 24, [100], 21);
        IGrouping<string, double>[] patients = Tissue
            .Layout(spec)
            .GroupBy(image => image.Slide, image => RedOverBlue(Tissue.Draw(spec, image)), StringComparer.Ordinal)
            .ToArray();
        double within = patients.Average(patient => Variance(patient));
        double between = Variance(patients.Select(patient => patient.Average()));
        Assert.True(between > 2 * within, $"{between} between patients, {within} within");
    }

    [Fact]
    public void Mucin_is_paler_than_collagen()
    {
        var spec = new TissueSpec(4, 2, 48, 32, [100], 31);
        Assert.True(Brightness(spec, "MC") > Brightness(spec, "LC") + 15);
    }

    private static double Brightness(TissueSpec spec, string subtype) =>
        Tissue
            .Layout(spec)
            .Where(image => string.Equals(image.Subtype, subtype, StringComparison.Ordinal))
            .Average(image => Tissue.Draw(spec, image).Average(value => (double)value));

    private static double RedOverBlue(byte[] pixels) =>
        pixels.Where((_, i) => i % 3 == 0).Average(value => (double)value)
        / pixels.Where((_, i) => i % 3 == 2).Average(value => (double)value);

    private static double Variance(IEnumerable<double> values)
    {
        double[] all = values.ToArray();
        double mean = all.Average();
        return all.Sum(value => (value - mean) * (value - mean)) / (all.Length - 1);
    }

    private static double Shrunk(byte[] large, int index)
    {
        (int x, int y, int channel) = (index / 3 % 96, index / 3 / 96, index % 3);
        return Enumerable
            .Range(0, 9)
            .Average(k => (double)large[3 * ((3 * y + k / 3) * 288 + 3 * x + k % 3) + channel]);
    }

    private static double Correlation(byte[] one, double[] other)
    {
        (double meanOne, double meanOther) = (one.Average(value => (double)value), other.Average());
        double product = one.Zip(other, (a, b) => (a - meanOne) * (b - meanOther)).Sum();
        double squares =
            one.Sum(a => (a - meanOne) * (a - meanOne)) * other.Sum(b => (b - meanOther) * (b - meanOther));
        return product / Math.Sqrt(squares);
    }
}
