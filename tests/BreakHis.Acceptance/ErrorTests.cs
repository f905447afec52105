using System.Text.RegularExpressions;
using BreakHis.Testing;
using Snapshooter;
using Snapshooter.Xunit3;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Errors for unusable input: one line with place and reason, exit code 2.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task All_errors_of_a_spec_are_reported_with_positions()
    {
        using var place = new Workplace();
        place.Write(
            "bad.yaml",
            """
            name: bad
            data:
              source: synthetic
              synthetic: { patients_per_subtype: -2 }
              split: { by: patients, validation: 2 }
            model: { backbone: inception_v3, wieghts: imagenet }
            stages:
              bottleneck: { epochs: many, optimizer: { adamm: {} } }
              fine_tune: { train_from: Mixed_9z }
            """
        );

        Outcome outcome = await place.Breakhis("run", "bad.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.False(Directory.Exists(place.At(".breakhis")));
        Match("A_bad_spec", outcome.Error);
    }

    [Fact]
    public async Task A_secret_in_a_spec_is_refused_at_its_place_before_anything_is_recorded()
    {
        const string Token = "hf" + "_" + "c4n4ryXq93kdXq93kdXq93kdXq93kd";
        using var place = new Workplace();
        place.Write(
            "a.yaml",
            $$"""
            name: a
            about: uses {{Token}}
            data:
              source: synthetic
              split: { by: patient, validation: 0.5 }
            model: { backbone: resnet18_mlnet }
            stages:
              bottleneck: { epochs: 1 }
            """
        );

        Outcome outcome = await place.Breakhis("run", "a.yaml");

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith("a.yaml(2,8): error BH1022: about: ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(place.At(".breakhis")));
    }

    [Theory]
    [InlineData("run tiny.yaml --report ''", "--report")]
    [InlineData("run tiny.yaml --dependencies ''", "--dependencies")]
    [InlineData("run ''", "SPEC")]
    [InlineData("report --out ''", "--out")]
    [InlineData("audit --out ''", "--out")]
    [InlineData("audit --report ''", "--report")]
    [InlineData("compare tiny ''", "CONFIGURATION")]
    [InlineData("data synthesize tiny.yaml --out ''", "--out")]
    [InlineData("data split tiny.yaml --out ''", "--out")]
    [InlineData("ledger rebuild --to ''", "--to")]
    [InlineData("weights add resnet18 ''", "PATH")]
    [InlineData("list --home ''", "--home")]
    public async Task An_empty_value_is_named(string commandLine, string name)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome outcome = await place.Breakhis([.. commandLine.Split(' ').Select(part => part == "''" ? "" : part)]);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith(
            $"dotnet-breakhis : error BH0001: {name} is empty; is a variable of the shell not set?\n",
            outcome.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_setting_below_thousands_of_others_is_an_error()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome outcome = await place.Breakhis(
            "validate",
            "tiny.yaml",
            "--set",
            string.Concat(Enumerable.Repeat("a.", 30_000)) + "a=1"
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("error BH", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache clean --unused 1000000d")]
    [InlineData("cache clean --unused 2000000000d")]
    [InlineData("cache clean --unused 2000000000h")]
    [InlineData("run tiny.yaml --checkpoint-every 2000000000d")]
    public async Task A_time_beyond_the_calendar_is_an_error(string commandLine)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);

        Outcome outcome = await place.Breakhis(commandLine.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("is not a time such as", outcome.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string> CommandLines =>
        [
            "run missing.yaml",
            "run tiny.yaml --seeds 5..1",
            "run tiny.yaml --set nonsense",
            "run tiny.yaml --set stages.bottleneck.epoch=3",
            "run tiny.yaml --set data.source=breakhis",
            "run folder.yaml --dry-run",
            "run file.yaml --dry-run",
            "run empty.yaml --dry-run",
            "run one-class.yaml --dry-run",
            "run text.yaml --quiet",
            "run weights.yaml --dry-run",
            "run inception.yaml --dry-run",
            "run variable.yaml",
            "list",
            "show 1234",
            "report nothing",
            "audit",
            "audit tiny --all --sample 2",
            "run tiny.yaml --thread 1",
            "run tiny.yaml --threads x",
            "lst",
            "explain --help",
            "ledger foo --help",
            "run",
            "list --state gone",
            "list --since yesterday",
            "list everything",
            "list --spec tiny --spec other",
            "data split tiny.yaml",
            "audit --level tiny",
            "audit --sample-seed 3",
            "audit --allowed-signers nobody",
            "list --json=maybe",
            "list --home file",
            "doctor --json",
            "--home",
            "import nowhere",
            "run tiny.yaml --threads 0",
            "run tiny.yaml --report empty",
            "run tiny.yaml --report tiny.yaml",
            "data split tiny.yaml --out file/sides.csv",
            "run quote.yaml --dry-run",
            "run lost-split.yaml --dry-run",
            "data synthesize folder.yaml --out x",
            "run wrong-weights.yaml --dry-run",
            "run no-patients.yaml --dry-run",
            "run tiny.yaml portable.yaml --dry-run",
            "run portable.yaml --device cuda --dry-run",
        ];

    [Theory]
    [MemberData(nameof(CommandLines))]
    public async Task Unusable_input_is_reported_in_one_line(string commandLine)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("file", "a file");
        place.Write("quote.yaml", "name: \"tiny\nseeds: [1]\n");
        Directory.CreateDirectory(place.At("empty"));
        place.Write("one/benign/a.png", "");
        place.Write("text/a/1.png", "no picture");
        place.Write("text/b/1.png", "nor this");
        place.Write("text/a/2.png", "no picture, too");
        place.Write("text/b/2.png", "nor this, too");
        place.Write("folder.yaml", Folders("missing"));
        place.Write("file.yaml", Folders("file"));
        place.Write("empty.yaml", Folders("empty"));
        place.Write("one-class.yaml", Folders("one"));
        File.CreateSymbolicLink(place.At("text/b/link.png"), "/nowhere.png");
        NamedPipe.Make(place.At("text/b/pipe.png"));
        place.Write("text.yaml", Folders("text"));
        place.Write("no-patients.yaml", Folders("text").Replace("by: image", "by: patient", StringComparison.Ordinal));
        place.Write("wrong.safetensors", "\x02\0\0\0\0\0\0\0{}");
        place.Write(
            "wrong-weights.yaml",
            "extends: tiny.yaml\nmodel: { backbone: resnet18_mlnet, weights: wrong.safetensors }\nstages: { fine_tune: { train_from: stage4 } }\n"
        );
        place.Write(
            "lost-split.yaml",
            Folders("text").Replace("by: image", "by: file, file: lost.csv, validation: null", StringComparison.Ordinal)
        );
        place.Write("variable.yaml", Folders("'${BREAKHIS_NOWHERE}'"));
        place.Write("portable.yaml", "extends: tiny.yaml\ndeterminism: portable\n");
        place.Write("weights.yaml", "extends: tiny.yaml\nmodel: { weights: missing.onnx }\n");
        place.Write(
            "inception.yaml",
            "extends: tiny.yaml\nmodel: { backbone: inception_v3, weights: imagenet }\nstages: { bottleneck: { input_size: 75 }, fine_tune: { train_from: Mixed_7c } }\n"
        );

        Outcome outcome = await place.Breakhis(commandLine.Split(' '));

        string told = Regex.Replace(
            $"{outcome.Output}{outcome.Error}".Replace(place.Folder, "FOLDER", StringComparison.Ordinal),
            "\\b[0-9a-f]{10}\\b",
            "ID",
            RegexOptions.None,
            TimeSpan.FromSeconds(1)
        );
        Match(commandLine.Replace(' ', '_').Replace('/', '_'), $"exit code {outcome.ExitCode}\n{told}");
    }

    [Fact]
    public async Task Existing_images_are_not_overwritten()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("taken/BreaKHis_v1", "a file where a folder is to be");

        Outcome blocked = await place.Breakhis("data", "synthesize", "tiny.yaml", "--out", "taken");
        Outcome written = await place.Breakhis("data", "synthesize", "tiny.yaml", "--out", "tissue");
        string first = Directory.GetFiles(place.At("tissue"), "*.png", SearchOption.AllDirectories)[0];
        Outcome again = await place.Breakhis("data", "synthesize", "tiny.yaml", "--out", "tissue");
        File.WriteAllText(first, "another");
        Outcome changed = await place.Breakhis("data", "synthesize", "tiny.yaml", "--out", "tissue");

        Assert.Equal((2, 0, 0, 2), (blocked.ExitCode, written.ExitCode, again.ExitCode, changed.ExitCode));
        Assert.Contains("error BH5003", blocked.Error, StringComparison.Ordinal);
        Assert.Contains("already exists with other content", changed.Error, StringComparison.Ordinal);
        Assert.Equal("another", File.ReadAllText(first));
    }

    /// <summary>
    /// Compares text with the file of that name in __snapshots__, or writes the file if it is missing.
    /// </summary>
    private static void Match(string name, string text) =>
        Snapshot.Match(
            text,
            new SnapshotFullName($"{name}.txt", SharedFolder.InRepository("tests/BreakHis.Acceptance"))
        );

    private static string Folders(string path) =>
        $$"""
            extends: tiny.yaml
            name: folders
            data: { source: folders, path: {{path}}, synthetic: null, magnifications: [], label: subtype, split: { by: image } }
            """;
}
