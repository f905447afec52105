using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>TIFF images in the tool as it is shipped.</summary>
public sealed class TiffTests
{
    /// <summary>The order of the images is recorded by their paths, which end differently.</summary>
    private static readonly string[] Bits =
    [
        "select stage, epoch, train_loss, validation_loss, state_sha256 from epochs order by stage, epoch",
        "select stage, image, truth, predicted, probabilities from predictions order by stage, image",
        "select path, sha256 from artifacts order by path, number",
    ];

    /// <summary>Variables that libvips and its libraries read: limits, instructions, threads, output and files.</summary>
    private static readonly (string Name, string Value)[] Variables =
    [
        ("G_MESSAGES_DEBUG", "all"),
        ("JPEGMEM", "1"),
        ("JSIMD_FORCENONE", "1"),
        ("VIPSHOME", "/nowhere"),
        ("VIPS_BLOCK_UNTRUSTED", "1"),
        ("VIPS_CONCURRENCY", "7"),
        ("VIPS_INFO", "1"),
        ("VIPS_LEAK", "1"),
        ("VIPS_MAX_COORD", "10"),
        ("VIPS_NOVECTOR", "1"),
        ("VIPS_PROFILE", "1"),
        ("VIPS_PROGRESS", "1"),
        ("VIPS_TRACE", "1"),
    ];

    [Fact]
    public async Task The_same_pixels_as_PNG_and_as_TIFF_give_the_same_bits_in_every_environment()
    {
        using var place = new Workplace();
        await Tissue(place);

        Outcome png = await place.Breakhis("run", "png.yaml", "--quiet", "--home", "png");
        Outcome tiff = await place.Breakhis("run", "tiff.yaml", "--quiet", "--home", "tiff");
        foreach ((string name, string value) in Variables)
        {
            place.Environment[name] = value;
        }

        Outcome other = await place.Breakhis("run", "tiff.yaml", "--quiet", "--home", "other");

        Assert.All([png, tiff, other], run => Assert.True(run.ExitCode == 0, $"{run}"));
        Assert.Equal(tiff.Error, other.Error);
        Assert.Empty(Directory.GetFiles(place.Folder, "vips*"));
        Assert.Equal(BitsOf(place, "png"), BitsOf(place, "tiff"));
        Assert.Equal(BitsOf(place, "tiff"), BitsOf(place, "other"));
        Assert.Equal(
            place.Query("select fingerprint from runs", "tiff"),
            place.Query("select fingerprint from runs", "other")
        );
        const string Removed = "select name || '=' || value from provenance where name like 'removed.%' order by name";
        Assert.Empty(place.Query(Removed, "tiff"));
        Assert.Equal(
            Variables.Select(v => $"removed.{v.Name}={v.Value}").Order(StringComparer.Ordinal),
            place.Query(Removed, "other")
        );
    }

    [Fact]
    public async Task The_decoder_is_recorded_only_if_images_are_TIFF()
    {
        using var place = new Workplace();
        await Tissue(place);
        Outcome run = await place.Breakhis(
            "run",
            "png.yaml",
            "tiff.yaml",
            "--quiet",
            "--set",
            "stages.fine_tune=null",
            "--set",
            "stages.bottleneck.epochs=1"
        );

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(
            ["png: none", "tiff: compute.libvips_sha256, compute.netvips"],
            place.Query(
                """
                select runs.name || ': ' || coalesce(group_concat(decoder.name, ', '), 'none')
                from runs
                left join (select * from provenance where name like 'compute.%vips%' order by name) as decoder
                  on decoder.run_id = runs.id
                group by runs.name order by runs.name
                """
            )
        );
        Assert.Equal(["64"], place.Query("select length(value) from provenance where name = 'compute.libvips_sha256'"));
    }

    [Fact]
    public async Task Data_check_compares_TIFF_with_PNG_and_names_files_that_cannot_be_used()
    {
        using var place = new Workplace();
        await Tissue(place);
        string[] copies = Directory.GetFiles(place.At("tiff-images"), "*.tif", SearchOption.AllDirectories);
        Array.Sort(copies, StringComparer.Ordinal);
        File.Copy(copies[0], place.At("png-images/" + Path.GetFileName(copies[0])));
        string cut = "png-images/" + Path.GetFileName(copies[1]);
        byte[] whole = File.ReadAllBytes(copies[1]);
        File.WriteAllBytes(place.At(cut), whole[..(whole.Length / 2)]);
        string damaged = "png-images/" + Path.GetFileName(copies[2]);
        byte[] changed = File.ReadAllBytes(copies[2]);
        changed.AsSpan(changed.Length / 3, changed.Length / 3).Fill(255);
        File.WriteAllBytes(place.At(damaged), changed);

        Outcome check = await place.Breakhis("data", "check", "png.yaml");

        Assert.Equal(1, check.ExitCode);
        Assert.Contains(
            $"{Path.GetFileName(cut)}: cannot be decoded completely; it is truncated",
            check.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{Path.GetFileName(damaged)}: cannot be decoded completely; it is damaged",
            check.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("2 identical images", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("VIPS", check.Error, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Writes png.yaml and tiff.yaml, whose images have the same pixels. They augment nothing, because the random draws
    /// of an image depend on its path.
    /// </summary>
    private static async Task Tissue(Workplace place)
    {
        const string NoDraws = "stages: { fine_tune: { augmentation: null } }";
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        Directory.Move(place.At("tissue"), place.At("png-images"));
        PythonReference.Run("PIL", "tiff_copies.py", place.At("png-images"), place.At("tiff-images"));
        foreach (string kind in (string[])["png", "tiff"])
        {
            place.Write(
                $"{kind}.yaml",
                $"extends: tiny.yaml\nname: {kind}\ndata: {{ source: breakhis, path: {kind}-images, synthetic: null }}\n{NoDraws}\n"
            );
        }
    }

    private static string[] BitsOf(Workplace place, string home) =>
        [.. Bits.SelectMany(query => place.Query(query, home))];
}
