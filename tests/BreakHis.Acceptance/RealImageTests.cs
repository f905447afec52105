using System.Globalization;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Both stages on real images with real weights, through the command line.</summary>
[Trait("Speed", "slow")]
public sealed class RealImageTests
{
    [Fact]
    public async Task Inception_V3_with_Keras_weights_trains_both_stages_on_real_images()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        place.Environment["KERAS_WEIGHTS"] = SharedFolder.Get("weights/inception_v3_keras");
        CopyTwentyFourPictures(SharedFolder.Get("breakhis/100x"), place.At("pictures"));
        place.Write(
            "inception.yaml",
            """
            name: real-inception
            data:
              source: breakhis
              path: pictures
              split: { by: image, validation: 0.25, seed: 1 }
            model: { backbone: inception_v3, weights: "${KERAS_WEIGHTS}" }
            stages:
              bottleneck:
                input_size: 299
                resize: nearest
                head: { dense: [64] }
                batch_size: 8
                epochs: 2
              fine_tune:
                input_size: 229
                train_from: { keras_layer: 172 }
                batch_norm: batch_statistics_updating
                augmentation: { rotation: 20, shear_radians: 0.3, zoom: 0.3, horizontal_flip: true, vertical_flip: true, fill: nearest }
                epochs: 1
            """
        );

        Outcome run = await place.Breakhis("run", "inception.yaml");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(["24"], place.Query("select count(*) from images"));
        Assert.Equal(
            ["bottleneck|1|2", "fine_tune|0|1"],
            place.Query("select stage, min(epoch), max(epoch) from epochs group by stage order by stage")
        );
        IReadOnlyList<string> sums = place.Query(
            "select (select sum(value) from json_each(probabilities)) from predictions"
        );
        Assert.NotEmpty(sums);
        Assert.All(sums, sum => Assert.InRange(double.Parse(sum, CultureInfo.InvariantCulture), 0.9999, 1.0001));
        string report = place.Read("reports/real-inception.html");
        Assert.Contains("inception_v3", report, StringComparison.Ordinal);
        Assert.Contains("Shared patients", report, StringComparison.Ordinal);
    }

    /// <summary>Copies three images of each subtype, in ordinal order of their paths, to the official layout.</summary>
    private static void CopyTwentyFourPictures(string from, string to)
    {
        IEnumerable<string> chosen = Directory
            .EnumerateFiles(from, "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .GroupBy(path => Path.GetFileName(path).Split('-')[0], StringComparer.Ordinal)
            .SelectMany(subtype => subtype.Take(3));
        foreach (string path in chosen)
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }
    }
}
