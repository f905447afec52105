using System.Security.Cryptography;
using BreakHis.Data.Pictures;
using BreakHis.Specs;
using BreakHis.Testing;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Data.Pictures;

public sealed class ResamplingTests
{
    [Fact]
    public void Resized_real_images_equal_those_of_PIL_to_the_grey_level()
    {
        string folder = SharedFolder.Get("breakhis/sample");
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal),
        ];
        AssertAsFromPil(files);
    }

    /// <summary>Noise causes overshoots everywhere. The sizes shrink, keep and enlarge images.</summary>
    [Fact]
    public void Resized_noise_equals_that_of_PIL_to_the_grey_level()
    {
        var random = new Random(4);
        using var scratch = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(0, 30).Select(i => scratch[$"{i}.png"])];
        foreach (string file in files)
        {
            int width = random.Next(1, 400);
            int height = random.Next(1, 400);
            byte[] rgb = new byte[width * height * 3];
            random.NextBytes(rgb);
            File.WriteAllBytes(file, new Picture(width, height, rgb).ToPng());
        }

        AssertAsFromPil(files);
    }

    private static void AssertAsFromPil(string[] files)
    {
        using var scratch = new TemporaryFolder();
        PythonReference.Run("PIL", "pil_resize.py", [scratch["hashes"], .. files]);

        string[] expected = File.ReadAllLines(scratch["hashes"]);
        List<string> found = [];
        foreach (string file in files)
        {
            var picture = Picture.Decode(file);
            foreach (
                (int width, int height) in ((int, int)[])[(299, 299), (224, 224), (229, 229), (112, 75), (800, 500)]
            )
            {
                foreach (ResizeFilter filter in Enum.GetValues<ResizeFilter>())
                {
                    Picture resized = Resampling.Resize(picture, width, height, filter);
                    string name = filter.ToString().ToUpperInvariant();
                    found.Add(
                        $"{Path.GetFileName(file)} {width}x{height} {name} {Convert.ToHexStringLower(SHA256.HashData(resized.Rgb))}"
                    );
                }
            }
        }

        Assert.NotEmpty(found);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void An_image_of_one_colour_keeps_its_colour() =>
        (from size in Gen.Int[1, 40].Array[4] from colour in Gen.Byte.Array[3] select (size, colour)).Sample(s =>
        {
            byte[] rgb = [.. Enumerable.Repeat(s.colour, s.size[0] * s.size[1]).SelectMany(c => c)];
            foreach (ResizeFilter filter in Enum.GetValues<ResizeFilter>())
            {
                Picture resized = Resampling.Resize(
                    new Picture(s.size[0], s.size[1], rgb),
                    s.size[2],
                    s.size[3],
                    filter
                );
                Assert.Equal(s.size[2] * s.size[3] * 3, resized.Rgb.Length);
                Assert.All(resized.Rgb.Chunk(3), pixel => Assert.Equal(s.colour, pixel));
            }
        });
}
