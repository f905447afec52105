using System.Text.Json;
using System.Text.RegularExpressions;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>What a user learns about a data set and its split, and where it is reported.</summary>
public sealed class DataTests
{
    private const string Spec = """
        extends: tiny.yaml
        name: tissue
        data:
          source: breakhis
          path: tissue
          synthetic: null
          label: malignancy
          split: { by: patient, validation: 0.5 }
        stages: { bottleneck: { epochs: 1 }, fine_tune: null }
        """;

    [Fact]
    public async Task An_image_that_changes_during_a_run_stops_it_and_is_named()
    {
        using var place = new Workplace();
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write(
            "files.yaml",
            "extends: tiny.yaml\nname: files\ndata: { source: breakhis, path: tissue, synthetic: null }\n"
        );
        string[] images = Directory.GetFiles(place.At("tissue"), "*.png", SearchOption.AllDirectories);

        Running run = place.StartBreakhis("run", "files.yaml", "--set", "stages.fine_tune.epochs=1000");
        await run.Says("fine_tune  epoch   1", TimeSpan.FromMinutes(5));
        File.Copy(images[0], images[1], overwrite: true);
        Outcome outcome = await run.End();

        Assert.True(outcome.ExitCode == 1, $"{outcome}");
        Assert.Contains(
            $"error BH2001: run {place.Query("select id from runs")[0]}: {images[1]}: has changed since the run was planned",
            outcome.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(["failed"], place.Query("select state from run_summary"));
    }

    [Fact]
    public async Task Real_images_are_checked_fold_by_fold()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write(
            "real.yaml",
            Spec.Replace("path: tissue", $"path: {SharedFolder.Get("breakhis/100x")}", StringComparison.Ordinal)
                .Replace("validation: 0.5", "validation: null, folds: 5, fold: 1", StringComparison.Ordinal)
                .Replace("label:", "magnifications: []\n  label:", StringComparison.Ordinal)
        );

        Outcome outcome = await place.Breakhis("data", "check", "real.yaml", "--json");

        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        using var json = JsonDocument.Parse(outcome.Output);
        Assert.Equal(160, json.RootElement.GetProperty("images").GetInt32());
        Assert.Equal(5, json.RootElement.GetProperty("splits").GetArrayLength());
        string[] findings =
        [
            .. json
                .RootElement.GetProperty("findings")
                .EnumerateArray()
                .Select(finding => finding.GetProperty("about").GetString()!),
        ];
        // Six images are 456 pixels high, and one field of view was photographed twice.
        Assert.Single(findings, "sizes");
        Assert.Single(findings, "near-duplicates");
        Assert.Equal(1, (await place.Breakhis("data", "check", "real.yaml", "--strict")).ExitCode);
    }

    [Fact]
    public async Task The_published_paths_are_checked_without_opening_a_file()
    {
        string[] paths = await File.ReadAllLinesAsync(
            SharedFolder.Get("breakhis/paths.txt"),
            TestContext.Current.CancellationToken
        );
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("names.yaml", Spec.Replace("label:", "magnifications: []\n  label:", StringComparison.Ordinal));
        foreach (string path in paths)
        {
            place.Write("tissue/" + path, "");
        }

        Outcome outcome = await place.Breakhis("data", "check", "names.yaml", "--names-only");

        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        Assert.Contains("7663 images of 80 patients", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(
            "ductal_carcinoma at 40X: 832 images, published 864 (-32)",
            outcome.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("all differences come from slide 14-13412", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("not checked: pixels", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leak_is_reported_by_run_ledger_and_report_and_is_an_error_with_strict()
    {
        using var place = new Workplace();
        string copy = await Tissue(place);
        place.Write("by-image.yaml", Spec.Replace("by: patient", "by: image", StringComparison.Ordinal));

        Outcome strict = await place.Breakhis("run", "tissue.yaml", "--strict");
        Assert.Equal(2, strict.ExitCode);
        Assert.StartsWith("tissue.yaml(8,10): error BH2002: data.split: ", strict.Error, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(copy), strict.Error, StringComparison.Ordinal);

        Outcome outcome = await place.Breakhis("run", "tissue.yaml");
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        Assert.Contains(
            "1 validation image is also in training, pixel for pixel",
            outcome.Error,
            StringComparison.Ordinal
        );
        Outcome again = await place.Breakhis("run", "tissue.yaml", "--quiet");
        Assert.Matches(@"\Awarning: \S+ seed 3: 1 validation image is also in training", again.Error);
        string recorded = place
            .Query("select verdict || ': ' || text from split_checks where name = 'pixels'")
            .Single();
        Assert.StartsWith("leak: 1 validation image is", recorded, StringComparison.Ordinal);
        Assert.Empty(place.Query("select name from provenance where name like 'split.%'"));
        Outcome shown = await place.Breakhis("show");
        Assert.Contains("  pixels: leak: 1 validation image is", shown.Output, StringComparison.Ordinal);
        Assert.Single(
            Notices(place),
            text =>
                text.StartsWith(
                    "Leak: 1 validation image is also in training, pixel for pixel",
                    StringComparison.Ordinal
                )
        );

        Outcome byImage = await place.Breakhis("run", "by-image.yaml", "--strict");
        Assert.Equal(2, byImage.ExitCode);
        Assert.StartsWith("by-image.yaml(8,10): error BH2002: data.split: ", byImage.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Images_that_are_left_out_are_named_everywhere_and_are_an_error_with_strict()
    {
        using var place = new Workplace();
        string copy = await Tissue(place);
        File.Delete(copy);
        place.Write("tissue/scan.svs", "a scan");
        place.Write("tissue/.preview.png", "a preview");
        const string Left = "left out: 1 SVS file, a format that is not read: scan.svs";

        Outcome strict = await place.Breakhis("run", "tissue.yaml", "--strict");
        Outcome check = await place.Breakhis("data", "check", "tissue.yaml", "--strict");
        Outcome dry = await place.Breakhis("run", "tissue.yaml", "--dry-run");
        Outcome run = await place.Breakhis("run", "tissue.yaml");

        Assert.Equal((2, 1, 0, 0), (strict.ExitCode, check.ExitCode, dry.ExitCode, run.ExitCode));
        Assert.StartsWith(
            $"tissue.yaml(4,11): error BH2003: data.source: {Left}",
            strict.Error,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "warning: left out: 1 SVS file, a format that is not read: scan.svs",
            check.Output,
            StringComparison.Ordinal
        );
        Assert.Contains($"  note: {Left}", dry.Output, StringComparison.Ordinal);
        Assert.Contains(
            "  note: left out: 1 hidden image or preview: .preview.png",
            dry.Output,
            StringComparison.Ordinal
        );
        Assert.Contains($"note: {Left}", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["1 SVS file, a format that is not read: scan.svs|1 hidden image or preview: .preview.png"],
            place.Query("select json_extract(plan, '$.left_out[0]'), json_extract(plan, '$.left_out[1]') from runs")
        );
        Assert.Single(
            Notices(place),
            text =>
                text.StartsWith(
                    "Left out: 1 SVS file, a format that is not read: scan.svs; 1 hidden image or preview: .preview.png.",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Every_file_that_is_left_out_is_in_check_ledger_and_report()
    {
        using var place = new Workplace();
        await Tissue(place);
        string[] scans = [.. Enumerable.Range(1, 7).Select(i => $"scan-{i}.svs")];
        foreach (string scan in scans)
        {
            place.Write($"tissue/{scan}", "a scan");
        }

        Outcome check = await place.Breakhis("data", "check", "tissue.yaml");
        await place.Breakhis("run", "tissue.yaml", "--quiet");

        Assert.Contains(string.Concat(scans.Select(scan => $"\n  {scan}")), check.Output, StringComparison.Ordinal);
        Assert.Equal(
            [string.Join(',', scans)],
            place.Query(
                "select group_concat(value) from runs, json_each(plan, '$.left_out_files.\"SVS files, a format that is not read\"')"
            )
        );
        string page = place.Read("reports/tissue.html");
        Assert.All(scans, scan => Assert.Contains($"  {scan}\n", page + "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clean_split_is_reported_with_its_checks()
    {
        using var place = new Workplace();
        File.Delete(await Tissue(place));

        Outcome outcome = await place.Breakhis("run", "tissue.yaml", "--strict");

        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        const string Clean =
            "no leak found between training and validation (checked: files, labels, near-duplicates, patients, pixels, slides with the same number)";
        Assert.Contains(Clean, outcome.Error, StringComparison.Ordinal);
        Assert.Contains($"Split checked: {Clean}.", Notices(place), StringComparer.Ordinal);
        Assert.DoesNotContain(Notices(place), text => text.StartsWith("Leak:", StringComparison.Ordinal));
        Assert.StartsWith(
            "clean: no patient is on both sides",
            place.Query("select verdict || ': ' || text from split_checks where name = 'patients'").Single(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_split_file_gives_the_same_plan_and_is_audited()
    {
        using var place = new Workplace();
        File.Delete(await Tissue(place));
        place.Write(
            "again.yaml",
            Spec.Replace("name: tissue", "name: again", StringComparison.Ordinal)
                .Replace(
                    "{ by: patient, validation: 0.5 }",
                    "{ by: file, file: split.csv, validation: null }",
                    StringComparison.Ordinal
                )
        );

        Outcome written = await place.Breakhis("data", "split", "tissue.yaml", "--out", "split.csv");
        Assert.True(written.ExitCode == 0, $"{written}");
        Outcome run = await place.Breakhis("run", "again.yaml");
        Assert.True(run.ExitCode == 0, $"{run}");
        Outcome same = await place.Breakhis("run", "tissue.yaml");

        Assert.Contains("already in the ledger", same.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await place.Breakhis("audit")).ExitCode);
        Assert.Equal(0, (await place.Breakhis("audit", "--rerun")).ExitCode);

        // The same images without their folders.
        Directory.CreateDirectory(place.At("flat"));
        foreach (string file in Directory.GetFiles(place.At("tissue"), "*.png", SearchOption.AllDirectories))
        {
            File.Copy(file, place.At("flat/" + Path.GetFileName(file)));
        }

        string image = Directory.GetFiles(place.At("flat")).Order(StringComparer.Ordinal).First();
        File.Move(image, Path.Combine(place.At("flat"), "x\\y " + Path.GetFileName(image)));
        place.Write(
            "odd.yaml",
            "name: odd\ndata: { source: folders, path: ., split: { by: image, validation: 0.5 } }\n"
                + "model: { backbone: resnet18_mlnet }\nstages: { bottleneck: {} }\n"
        );
        Outcome odd = await place.Breakhis("data", "split", "odd.yaml", "--out", "odd.csv");
        Assert.Equal(2, odd.ExitCode);
        Assert.Contains("an image has an unusual name", odd.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(place.At("odd.csv")));
        File.Move(Path.Combine(place.At("flat"), "x\\y " + Path.GetFileName(image)), image);

        Outcome flat = await place.Breakhis("run", "again.yaml", "--dry-run", "--set", "data.path=flat");
        Assert.True(flat.ExitCode == 0, $"{flat}");

        string edited = place.Read("split.csv").Replace("validation", "train", StringComparison.Ordinal);
        place.Write("split.csv", edited);
        Assert.Equal(1, (await place.Breakhis("audit")).ExitCode);
        Assert.Equal(2, (await place.Breakhis("data", "split", "tissue.yaml", "--out", "split.csv")).ExitCode);
        Assert.Equal(edited, place.Read("split.csv"));
    }

    [Fact]
    public async Task Test_images_are_classified_by_the_kept_weights_and_change_nothing_else()
    {
        using var place = new Workplace();
        File.Delete(await Tissue(place));
        string[] tested =
        [
            .. place
                .Read("sides.csv")
                .Split('\n')
                .Where(l => l.EndsWith(",validation", StringComparison.Ordinal))
                .Take(2),
        ];
        string split = place.Read("sides.csv");
        foreach (string line in tested)
        {
            split = split.Replace(
                line,
                line.Replace("validation", "test", StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }

        place.Write("sides.csv", split);
        string names = string.Join(", ", tested.Select(line => line.Split(',')[0]));
        const string Data =
            "data: { source: breakhis, path: tissue, synthetic: null, split: { by: file, file: sides.csv, validation: null }";
        const string Stages = "stages: { bottleneck: { epochs: 2 }, fine_tune: { epochs: 1 } }";
        place.Write("three.yaml", $"extends: tiny.yaml\nname: three\n{Data} }}\n{Stages}\n");
        place.Write("two.yaml", $"extends: tiny.yaml\nname: two\n{Data}, exclude: [{names}] }}\n{Stages}\n");

        Outcome two = await place.Breakhis("run", "two.yaml", "--home", "two");
        Outcome three = await place.Breakhis("run", "three.yaml", "--home", "three");

        Assert.True((two.ExitCode, three.ExitCode) == (0, 0), $"{two}\n{three}");
        foreach (
            string query in (string[])
                [
                    "select stage, epoch, validation_loss, state_sha256, order_sha256 from epochs order by stage, epoch",
                    "select path, sha256 from artifacts order by path",
                    "select path, stage, probabilities from predictions join images using (run_id, image) order by path, stage",
                ]
        )
        {
            Assert.Equal(place.Query(query, "two"), place.Query(query, "three"));
        }

        Assert.Equal(
            ["bottleneck|2", "fine_tune|2"],
            place.Query("select stage, count(*) from test_predictions group by stage order by stage", "three")
        );
        Assert.Empty(place.Query("select * from test_scores", "two"));
        Assert.Contains("; on test images: accuracy ", three.Error, StringComparison.Ordinal);
        Assert.Matches("(?m)^    test +accuracy .* on 2 images of [12] patients?, epoch 1", three.Output);
        Assert.Equal(0, (await place.Breakhis("audit", "--home", "three")).ExitCode);
        Assert.Contains("Fine-tune, test images", place.Read("reports/three.html"), StringComparison.Ordinal);
    }

    /// <summary>
    /// The notices at the top of the report. The provenance table has the same texts, so it does not count.
    /// </summary>
    private static string[] Notices(Workplace place) =>
        [
            .. place
                .Read("reports/tissue.html")
                .Split('\n')
                .Where(line => line.StartsWith("<p class=\"notice", StringComparison.Ordinal))
                .Select(line => Regex.Replace(line, "<[^>]*>", "", RegexOptions.None, TimeSpan.FromSeconds(1))),
        ];

    /// <summary>
    /// Writes synthetic tissue to files, with a copy of a training image among the validation images.
    /// </summary>
    /// <returns>The path of the copy.</returns>
    private static async Task<string> Tissue(Workplace place)
    {
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write("tissue.yaml", Spec);
        Assert.Equal(0, (await place.Breakhis("data", "split", "tissue.yaml", "--out", "sides.csv")).ExitCode);
        string[] lines = place.Read("sides.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string trained = lines.First(line => line.EndsWith(",train", StringComparison.Ordinal)).Split(',')[0];
        string validated = lines.First(line => line.EndsWith(",validation", StringComparison.Ordinal)).Split(',')[0];
        string copy = validated.Replace("-001.png", "-999.png", StringComparison.Ordinal);
        string copied = Path.Combine(Path.GetDirectoryName(PathOf(validated))!, copy);
        File.Copy(PathOf(trained), copied);
        return copied;

        string PathOf(string name) =>
            Directory.GetFiles(place.At("tissue"), name, SearchOption.AllDirectories).Single();
    }
}
