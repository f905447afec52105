using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Runs;

public sealed class DigestCacheTests
{
    /// <summary>Also those with the same bytes, such as empty files: each must be excluded by its own path.</summary>
    [Fact]
    public async Task All_images_that_cannot_be_decoded_are_named()
    {
        using var folder = new TemporaryFolder();
        PlannedImage[] images =
        [
            .. new (string Path, int Bytes)[] { ("a.png", 1), ("b.png", 1), ("c.png", 2) }.Select(
                image => new PlannedImage(image.Path, SyntheticRun.Hash(image.Bytes), 0, "p", "s", 0, Side.Train)
            ),
        ];

        DataException e = await Assert.ThrowsAsync<DataException>(() =>
            DigestCache.Of(
                new HomeFolder(folder.Path),
                images,
                path => throw new DataException($"/data/{path}: not an image"),
                new Dictionary<string, string>(StringComparer.Ordinal),
                keep: false,
                _ => { },
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(
            "3 images cannot be used (data.exclude can leave them out): a.png: not an image; b.png: not an image; c.png: not an image",
            e.Message
        );
    }

    /// <summary>TIFF data are refused in a file whose name says otherwise, also if another file has the same bytes.</summary>
    [Fact]
    public async Task A_wrong_extension_is_found_in_every_copy()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["a.tif", "b.png"];
        foreach (bool isCached in (bool[])[false, true])
        {
            DataException e = await Assert.ThrowsAsync<DataException>(() =>
                DigestCache.Of(
                    new HomeFolder(folder.Path),
                    [.. names.Select(name => new PlannedImage(name, SyntheticRun.Hash(1), 0, "p", "s", 0, Side.Train))],
                    path =>
                        path == "b.png"
                            ? throw new DataException("b.png: contains TIFF data")
                            : new Picture(1, 1, [1, 2, 3]),
                    new Dictionary<string, string>(StringComparer.Ordinal),
                    keep: isCached,
                    _ => { },
                    TestContext.Current.CancellationToken
                )
            );
            Assert.Equal("b.png: contains TIFF data; data.exclude can leave it out", e.Message);
        }
    }

    /// <summary>The file of somebody else's home folder has a hash that fits.</summary>
    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"$\":null}")]
    [InlineData("{\"$\":{}}")]
    [InlineData("{\"$\":{\"Width\":1,\"Height\":1,\"Pixels\":null,\"Look\":null}}")]
    [InlineData("{\"$\":{\"Width\":1,\"Height\":1,\"Pixels\":\"x\",\"Look\":\"\"}}")]
    public async Task Malformed_digests_are_computed_again(string json)
    {
        using var folder = new TemporaryFolder();
        IReadOnlyDictionary<string, PictureDigest> made = await Digests();
        string file = Assert.Single(Directory.GetFiles(folder.Path, "digests.json", SearchOption.AllDirectories));
        string right = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        string wrong = json.Replace("$", SyntheticRun.Hash(1), StringComparison.Ordinal);
        await File.WriteAllTextAsync(
            file,
            $"{Sha256Hex.OfText(wrong)}\n{wrong}",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(made, await Digests());
        Assert.Equal(right, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        SparseFile.Make(file, 1L << 40);
        Assert.Equal(made, await Digests());
        Assert.Equal(right, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        Task<IReadOnlyDictionary<string, PictureDigest>> Digests() =>
            DigestCache.Of(
                new HomeFolder(folder.Path),
                [new("a.png", SyntheticRun.Hash(1), 0, "p", "s", 0, Side.Train)],
                _ => new Picture(1, 1, [1, 2, 3]),
                new Dictionary<string, string>(StringComparer.Ordinal),
                keep: true,
                _ => { },
                TestContext.Current.CancellationToken
            );
    }

    /// <summary>Another version of a decoder may give other pixels.</summary>
    [Fact]
    public async Task Digests_of_other_software_are_not_used()
    {
        using var folder = new TemporaryFolder();
        PlannedImage[] images = [new("a.png", SyntheticRun.Hash(1), 0, "p", "s", 0, Side.Train)];
        int decoded = 0;
        foreach (string version in (string[])["1", "1", "2", "2", "1"])
        {
            await DigestCache.Of(
                new HomeFolder(folder.Path),
                images,
                _ =>
                {
                    decoded++;
                    return new Picture(1, 1, [1, 2, 3]);
                },
                new Dictionary<string, string>(StringComparer.Ordinal) { ["skiasharp"] = version },
                keep: true,
                _ => { },
                TestContext.Current.CancellationToken
            );
        }

        Assert.Equal(2, decoded);
    }
}
