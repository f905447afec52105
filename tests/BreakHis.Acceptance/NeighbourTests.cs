using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// A home folder that came from somebody else, with links to files of the user, pipes, files without end and edited
/// features. Nothing outside is written, and no command hangs.
/// </summary>
public sealed class NeighbourTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("locks")]
    [InlineData("runs")]
    [InlineData("cache")]
    public async Task A_run_does_not_write_through_a_linked_folder(string folder)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Directory.CreateDirectory(place.At("victim"));
        Directory.CreateDirectory(place.At(".breakhis"));
        Directory.CreateSymbolicLink(place.At($".breakhis/{folder}"), place.At("victim"));

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--quiet");

        Assert.True(run.ExitCode == 2, $"{run}");
        Assert.Contains($"/.breakhis/{folder} is a link", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(place.At("victim")));
    }

    [Theory]
    [InlineData("#!/bin/sh\necho precious")]
    [InlineData("one line\n")]
    public async Task A_record_file_that_is_a_link_or_something_else_is_not_changed(string content)
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string records = place.At($".breakhis/runs/{place.Query("select id from runs")[0]}/record.jsonl");
        place.Write("precious", content);
        File.Delete(records);
        File.CreateSymbolicLink(records, place.At("precious"));

        Outcome linked = await place.Breakhis("ledger", "rebuild");
        Outcome run = await place.Breakhis("run", "tiny.yaml", "--quiet");
        File.Delete(records);
        File.Copy(place.At("precious"), records);
        Outcome copied = await place.Breakhis("run", "tiny.yaml", "--quiet");

        Assert.True(linked.ExitCode is 1 or 2, $"{linked}");
        Assert.Equal((2, 2), (run.ExitCode, copied.ExitCode));
        Assert.Equal(content, place.Read("precious"));
        Assert.Equal(content, await File.ReadAllTextAsync(records, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("signatures/5.txt", "ledger verify")]
    [InlineData("signatures/5.txt", "audit")]
    [InlineData("ledger.db-journal", "list")]
    [InlineData("ledger.db-journal", "show")]
    [InlineData("ledger.db-wal", "list")]
    [InlineData("cache", "run tiny.yaml --fresh --quiet")]
    public async Task A_pipe_holds_up_no_command(string file, string command)
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] pipes =
            file == "cache"
                ?
                [
                    .. Directory
                        .EnumerateFiles(place.At(".breakhis/cache"), "*", SearchOption.AllDirectories)
                        .Where(cached => Path.GetFileName(cached) is "features.sha256" or "digests.json"),
                ]
                : [place.At($".breakhis/{file}")];
        Assert.NotEmpty(pipes);
        foreach (string pipe in pipes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(pipe)!);
            File.Delete(pipe);
            NamedPipe.Make(pipe);
        }

        Outcome outcome = await Ended(place, command.Split(' '));

        Assert.Equal(
            file == "cache" ? 0
                : file.StartsWith("ledger", StringComparison.Ordinal) ? 2
                : 1,
            outcome.ExitCode
        );
        Assert.DoesNotContain("BH9001", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>A file written in its place would replace it; root could lose /dev/null in this way.</summary>
    [Theory]
    [InlineData("audit --out pipe")]
    [InlineData("report --out pipe")]
    [InlineData("data split tiny.yaml --out pipe")]
    [InlineData("run tiny.yaml --dependencies pipe")]
    public async Task No_output_replaces_a_pipe_or_device(string command)
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        NamedPipe.Make(place.At("pipe"));

        Outcome outcome = await Ended(place, command.Split(' '));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("'pipe' is not a regular file", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(place.At("pipe")).Length);
    }

    [Theory]
    [InlineData("run tiny.yaml --report dead.html", "is a link that leads to no file")]
    [InlineData("run tiny.yaml --report circle.html", "is a link that leads to no file")]
    [InlineData("report --out dead.html", "is a link that leads to no file")]
    [InlineData("run notes.yaml", "exists and is not a report of this tool")]
    [InlineData("run pipe.yaml", "is not a regular file")]
    [InlineData("run dead.yaml", "is a link that leads to no file")]
    [InlineData("report tiny", "exists and is not a report of this tool")]
    [InlineData("report tiny --out notes.html", "exists and is not a report of this tool")]
    [InlineData("run below.yaml", "is a folder; expected a file")]
    [InlineData("run notes.yaml --report tiny.yaml/x.html", "is a file")]
    [InlineData("audit --out .breakhis/ledger.db", "is in the home folder")]
    [InlineData("report --out .breakhis/runs/new.html", "is in the home folder")]
    [InlineData("data split tiny.yaml --out .breakhis/split.csv", "is in the home folder")]
    [InlineData("data synthesize tiny.yaml --out .breakhis/images", "is in the home folder")]
    [InlineData("data synthesize tiny.yaml --out .breakhis", "is in the home folder")]
    [InlineData("data synthesize tiny.yaml --out .git/images", "is in the folder .git of a repository")]
    [InlineData("weights add inception_v3 tiny.yaml --out .git/weights", "is in the folder .git of a repository")]
    [InlineData("audit --out .git/HEAD", "is in the folder .git of a repository")]
    [InlineData("audit --report page.html --out ./page.html", "that this command reads or writes anyway")]
    [InlineData("audit --allowed-signers tiny.yaml --out ./tiny.yaml", "that this command reads or writes anyway")]
    [InlineData("audit --rerun --record-in other --out other/ledger.db", "is in the home folder")]
    [InlineData("run notes.yaml --dependencies .breakhis/ledger.db", "is in the home folder")]
    [InlineData("run tiny.yaml --dependencies tiny.yaml", "that this command reads or writes anyway")]
    [InlineData("run tiny.yaml --report x.html --dependencies ./x.html", "that this command reads or writes anyway")]
    public async Task Outputs_replace_only_what_was_an_output(string command, string reason)
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string[] names = ["notes", "pipe", "dead", "below"];
        Directory.CreateDirectory(place.At("reports/below.html"));
        place.Write("notes.html", "<!DOCTYPE html><title>My notes on BreakHis</title>");
        Array.ForEach(names, name => place.Write($"{name}.yaml", $"extends: tiny.yaml\nname: {name}\n"));
        place.Write("reports/notes.html", "precious");
        place.Write("reports/tiny.html", "precious");
        NamedPipe.Make(place.At("reports/pipe.html"));
        File.CreateSymbolicLink(place.At("reports/dead.html"), place.At("nothing"));
        File.CreateSymbolicLink(place.At("dead.html"), place.At("nothing"));
        File.CreateSymbolicLink(place.At("circle.html"), place.At("circle.html"));

        Outcome outcome = await Ended(place, command.Split(' '));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
        Assert.Equal("precious", place.Read("reports/tiny.html"));
        Assert.Equal("precious", place.Read("reports/notes.html"));
        Assert.False(File.Exists(place.At("nothing")));
        Assert.Equal(["1"], place.Query("select count(*) from runs"));
    }

    [Theory]
    [InlineData("SYNTHETIC-TISSUE.txt", "link")]
    [InlineData("SYNTHETIC-TISSUE.txt", "pipe")]
    [InlineData("SYNTHETIC-TISSUE.txt", "file")]
    [InlineData("folders", "cycle")]
    public async Task Drawn_tissue_replaces_nothing(string name, string kind)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("victim", "precious");
        Directory.CreateDirectory(place.At("out"));
        string at = place.At($"out/{name}");
        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(at, place.At("victim"));
                break;
            case "pipe":
                NamedPipe.Make(at);
                break;
            case "cycle":
                Array.ForEach(
                    ["x", "y", "z"],
                    link => Directory.CreateSymbolicLink(place.At($"out/{link}"), place.At("out"))
                );
                break;
            default:
                File.WriteAllText(at, "precious");
                break;
        }

        Outcome outcome = await Ended(place, "data", "synthesize", "tiny.yaml", "--out", "out");

        Assert.Equal(kind == "cycle" ? 0 : 2, outcome.ExitCode);
        Assert.Equal("precious", place.Read("victim"));
        Assert.DoesNotContain("BH9001", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_beside_a_partial_download_holds_up_no_command()
    {
        using var place = new Workplace();
        place.Environment["BREAKHIS_OFFLINE"] = "1";
        place.Write(".breakhis/weights/inception_v3/.part/inception_v3_google-0cc3c7bd.pth.part", "some");
        NamedPipe.Make(place.At(".breakhis/weights/inception_v3/.part/inception_v3_google-0cc3c7bd.pth.part.version"));

        Outcome outcome = await Ended(place, "weights", "fetch", "inception_v3");

        Assert.Equal(2, outcome.ExitCode);
    }

    [Theory]
    [InlineData("cache")]
    [InlineData("locks")]
    public async Task The_cache_is_not_cleaned_through_a_link(string folder)
    {
        using var place = new Workplace();
        string precious = place.Write($"victim/{new string('a', 64)}/file", "precious");
        Directory.CreateDirectory(place.At(".breakhis"));
        Directory.CreateSymbolicLink(place.At($".breakhis/{folder}"), place.At("victim"));

        Outcome clean = await place.Breakhis("cache", "clean", "--keep", "0");

        Assert.True(clean.ExitCode == 2, $"{clean}");
        Assert.Equal("precious", File.ReadAllText(place.At(precious)));
        Assert.Single(Directory.GetFileSystemEntries(place.At("victim")));
    }

    [Fact]
    public async Task A_record_file_of_gigabytes_is_named()
    {
        const long Length = 3L << 30;
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string records = place.At($".breakhis/runs/{place.Query("select id from runs")[0]}/record.jsonl");
        await using (FileStream file = File.OpenWrite(records))
        {
            // Sparse: it takes no space.
            file.SetLength(Length);
            file.Position = Length;
            file.WriteByte((byte)'\n');
        }

        Outcome verify = await place.Breakhis("ledger", "verify");
        Outcome run = await place.Breakhis("run", "tiny.yaml", "--quiet");

        Assert.True(verify.ExitCode == 1, $"{verify}");
        Assert.Contains("longer than 1024 MB", verify.Output, StringComparison.Ordinal);
        Assert.True(run.ExitCode == 2, $"{run}");
        Assert.DoesNotContain("BH9001", verify.Error + run.Error, StringComparison.Ordinal);
        Assert.Equal(Length + 1, new FileInfo(records).Length);
    }

    [Fact]
    public async Task Edited_features_are_computed_again_and_found_by_an_audit()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        Edit(place);

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--fresh", "--quiet");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains("not those that an earlier run recorded", run.Error, StringComparison.Ordinal);
        Assert.Single(place.Query("select distinct sha256 from features"));
        Assert.Equal(["0", "0"], place.Query("select from_cache from features"));

        place.Edit(
            "update features set sha256 = replace(sha256, '0', '1') where run_id = (select id from runs order by number desc limit 1)"
        );
        Outcome audit = await place.Breakhis("audit", "--all");
        Assert.True(audit.ExitCode == 1, $"{audit}");
        Assert.Contains("features have another hash than those of", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_imported_run_does_not_stand_in_for_weights_made_here()
    {
        using var other = new Workplace();
        await PreparedPlace.WithRun(other, "tiny.yaml", SpecTexts.Tiny);
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("next.yaml", RunWeightsTests.Next);
        Outcome import = await place.Breakhis("import", other.At(".breakhis"));
        Assert.True(import.ExitCode == 0, $"{import}");
        string imported = place.Query("select id from runs")[0];

        Outcome only = await place.Breakhis("run", "next.yaml", "--dry-run");
        Outcome own = await place.Breakhis("run", "tiny.yaml", "--quiet");
        Outcome both = await place.Breakhis("run", "next.yaml", "--dry-run");

        Assert.Equal((0, 0, 0), (only.ExitCode, own.ExitCode, both.ExitCode));
        Assert.Contains(
            $"kept by run {imported} (tiny), which was not made here",
            only.Output,
            StringComparison.Ordinal
        );
        string here = place.Query("select id from runs order by number desc limit 1")[0];
        Assert.Contains($"kept by run {here} (tiny)", both.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not made here", both.Output, StringComparison.Ordinal);
    }

    private static void Edit(Workplace place)
    {
        string features = Directory
            .GetFiles(place.At(".breakhis/cache"), "features.safetensors", SearchOption.AllDirectories)
            .Single();
        byte[] bytes = File.ReadAllBytes(features);
        bytes[^2] ^= 1;
        File.WriteAllBytes(features, bytes);
        File.WriteAllText(
            Path.ChangeExtension(features, "sha256"),
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)) + "\n"
        );
    }

    /// <summary>The outcome of a command that must not wait forever.</summary>
    private static Task<Outcome> Ended(Workplace place, params string[] command) =>
        place.StartBreakhis(command).End().WaitAsync(Patience, TestContext.Current.CancellationToken);
}
