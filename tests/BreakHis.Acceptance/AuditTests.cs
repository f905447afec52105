using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>The <c>audit</c> command as a user runs it.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task An_unmodified_run_passes_is_reproduced_and_is_graded_accordingly()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.TinyImageNet);
        string temporary = OwnTemporary(place);

        Outcome audit = await place.Breakhis("audit", "--rerun", "--record");

        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains("images recomputed from the spec", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            "this tool, whose code and packages have the recorded hashes",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("everything in the fingerprint matches the record", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            "reproduced bit for bit: the scores of 5 epochs, 6 states of network and optimizer, 8 predictions",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(["1"], place.Query("select count(*) from runs"));
        Assert.Equal(["same"], place.Query("select value from notes where name = 'outcome'"));
        Outcome show = await place.Breakhis("show");
        Assert.Contains("  same process: no outcome is recorded\n", show.Output, StringComparison.Ordinal);
        Assert.Contains("  another process: same bits: rerun of ", show.Output, StringComparison.Ordinal);
        Assert.Contains("  another machine: no outcome is recorded\n", show.Output, StringComparison.Ordinal);
        Assert.Equal(["tiny.html"], Directory.GetFiles(place.At("reports")).Select(Path.GetFileName));
        Assert.Empty(Directory.GetDirectories(temporary, "breakhis-audit-*"));
    }

    [Fact]
    public async Task All_formats_report_the_same_and_the_exit_code_is_1_if_a_check_fails()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        await place.Breakhis("run", "tiny.yaml", "--quiet", "--set", "stages.fine_tune=null");
        string weights = place.At(
            ".breakhis/runs/" + place.Query("select id from runs")[0] + "/bottleneck/best.safetensors"
        );
        byte[] bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);

        Outcome text = await place.Breakhis("audit", "--level", "artifacts");
        Outcome json = await place.Breakhis("audit", "--level", "artifacts", "--format", "json");
        Outcome sarif = await place.Breakhis(
            "audit",
            "--level",
            "artifacts",
            "--format",
            "sarif",
            "--out",
            "x/a.sarif"
        );
        Outcome junit = await place.Breakhis("audit", "--all", "--level", "artifacts", "--format", "junit");
        Outcome inputs = await place.Breakhis("audit", "--level", "inputs");

        Assert.Equal((1, 1, 1, 1, 0), (text.ExitCode, json.ExitCode, sarif.ExitCode, junit.ExitCode, inputs.ExitCode));
        const string Reason = "bottleneck/best.safetensors: the hash does not match";
        Assert.Contains($"FAIL          artifacts  artifacts        {Reason}", text.Output, StringComparison.Ordinal);
        Assert.EndsWith(
            "1 check of 1 run: 0 passed, 1 failed, 0 inconclusive\n",
            text.Output,
            StringComparison.Ordinal
        );
        using var document = JsonDocument.Parse(json.Output);
        JsonElement check = Assert.Single(document.RootElement.GetProperty("checks").EnumerateArray());
        Assert.Equal("fail", check.GetProperty("outcome").GetString());
        Assert.StartsWith(Reason, check.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("", sarif.Output);
        Assert.Contains(Reason, place.Read("x/a.sarif"), StringComparison.Ordinal);
        Assert.Equal("1", XDocument.Parse(junit.Output).Root!.Attribute("failures")!.Value);
    }

    [Fact]
    public async Task Swapped_images_are_listed_by_inputs_and_are_the_first_difference_of_the_rerun()
    {
        using var place = new Workplace();
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write("pictures.yaml", Pictures);
        Outcome run = await place.Breakhis("run", "pictures.yaml", "--quiet");
        Assert.True(run.ExitCode == 0, $"{run}");
        string[] two = [.. place.Query("select path from images where side = 'train' order by image limit 2")];
        File.Move(place.At("tissue/" + two[0]), place.At("kept"));
        File.Move(place.At("tissue/" + two[1]), place.At("tissue/" + two[0]));
        File.Move(place.At("kept"), place.At("tissue/" + two[1]));

        Outcome audit = await place.Breakhis("audit", "--rerun");

        Assert.Equal(1, audit.ExitCode);
        Assert.Contains(
            $"2 images differ from the record: {two[0]} has the content recorded for {two[1]}",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"not reproduced; first difference: images (recorded {two[0]} with SHA-256",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("not following from it", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Different_math_kernels_are_reported_as_environment_with_their_first_effect()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Environment["ATEN_CPU_CAPABILITY"] = "default";
        place.Environment["DNNL_MAX_CPU_ISA"] = "SSE41";
        place.Environment["ONEDNN_MAX_CPU_ISA"] = "SSE41";
        LeaveLog(place);
        IReadOnlyList<string> before = Evidence(place);

        Outcome audit = await place.Breakhis("audit", "--level", "artifacts", "--rerun");

        Assert.Equal(before, Evidence(place));
        Assert.True(audit.ExitCode == 1, $"{audit}");
        Assert.Contains("first difference: bottleneck: features (recorded ", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            "differences that may be the cause: compute.instruction_set was ",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "compute.variable_ATEN_CPU_CAPABILITY was none, is now default",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("pass          artifacts", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_byte_in_a_native_library_is_reported_even_without_effect()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Tool = WithAnotherLibrary(place);

        Outcome audit = await place.Breakhis("audit", "--level", "artifacts", "--rerun");

        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains(
            "differences without effect on this run: compute.torchsharp_native_sha256 was ",
            audit.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_unfinished_run_cannot_be_compared_and_a_failed_rerun_has_a_reason()
    {
        using var place = new Workplace();
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write("pictures.yaml", Pictures);
        await place.Breakhis("run", "pictures.yaml", "--quiet");
        await place.Breakhis(
            "run",
            "tiny.yaml",
            "--quiet",
            "--set",
            "stages.fine_tune.optimizer={sgd: {learning_rate: 1e30}}"
        );
        Directory.Move(place.At("tissue"), place.At("moved"));

        Outcome audit = await place.Breakhis("audit", "--all", "--level", "inputs", "--rerun");
        Outcome told = await place.Breakhis("audit", "@2", "--level", "inputs", "--rerun", "--data", "moved");

        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains("the run has not finished", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            "inconclusive  rerun      rerun            the rerun ended with exit code 2",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("the image folder is missing", audit.Output, StringComparison.Ordinal);
        Assert.True(told.ExitCode == 0, $"{told}");
        Assert.Contains("reproduced bit for bit", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreadable_record_is_reported_with_the_checks_that_it_prevents()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Edit("pragma ignore_check_constraints = on; update predictions set probabilities = 'none'");

        Outcome audit = await place.Breakhis("audit");

        Assert.True(audit.ExitCode == 1, $"{audit}");
        Assert.Contains("probabilities was recorded as", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            "cannot be read as one of this tool, so the checks that would follow",
            audit.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_interrupted_rerun_leaves_no_files_behind()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        await Git(place, "git init -q . && git add . && git commit -qm first");
        await place.Breakhis("run", "tiny.yaml", "--quiet");
        string temporary = OwnTemporary(place);

        Running audit = place.StartBreakhis("audit", "--rerun");
        await audit.Says("bottleneck", TimeSpan.FromMinutes(2));
        Assert.Single(Directory.GetDirectories(temporary, "breakhis-audit-*"));
        audit.Signal("TERM");
        Outcome outcome = await audit.End();

        Assert.True(outcome.ExitCode == 130, $"{outcome}");
        Assert.Empty(Directory.GetDirectories(temporary, "breakhis-audit-*"));
        Outcome worktrees = await place.Start("git", "worktree", "list").End();
        Assert.Single(worktrees.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_sample_is_noted_before_it_is_drawn_and_reports_its_bound()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        string[] short_ = ["--quiet", "--seeds", "1..4", "--set", "stages.fine_tune=null"];
        await place.Breakhis(["run", "tiny.yaml", .. short_]);

        Outcome audit = await place.Breakhis(
            "audit",
            "--level",
            "artifacts",
            "--sample",
            "2",
            "--sample-seed",
            "5",
            "--record"
        );
        Outcome tooMany = await place.Breakhis("audit", "--sample", "5");

        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Matches(
            "2 of 4 finished runs drawn with seed 5 from the ledger with head [0-9a-f]{8,}: 2 reproduced bit for bit, 0 not reproduced, 0 could not be rerun; with 95 % confidence, at most 50 % \\(2 of 4\\) do not reproduce here",
            audit.Output
        );
        Assert.Equal(
            ["audit_sample", "reran", "reran", "audit_sample_end"],
            place
                .Query(
                    "select distinct number, kind from records join notes using (run_id, record) where kind <> 'ledger_began' order by number"
                )
                .Select(row => row.Split('|')[1])
        );
        Assert.Equal(
            ["4|5|2"],
            place.Query(
                "select (select value from notes n where n.record = r.record and n.run_id = r.run_id and name = 'population'), (select value from notes n where n.record = r.record and n.run_id = r.run_id and name = 'seed'), (select value from notes n where n.record = r.record and n.run_id = r.run_id and name = 'size') from records r where kind = 'audit_sample'"
            )
        );
        Assert.Equal(2, tooMany.ExitCode);
        Assert.Contains("cannot draw 5; the ledger has 4 finished runs", tooMany.Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// Does not use <c>audit</c>: the ledger has enough information, and needs no other files of the run.
    /// </summary>
    [Fact]
    public async Task A_run_is_reproduced_in_an_empty_folder_from_ledger_repository_and_data()
    {
        using var place = new Workplace();
        using var clean = new Workplace();
        place.Write("work/experiments/tiny.yaml", SpecTexts.Tiny);
        await place.Breakhis("data", "synthesize", "work/experiments/tiny.yaml", "--out", "data/tissue");
        place.Write(
            "work/experiments/base.yaml",
            Pictures.Replace("path: tissue", "path: ../../data/tissue", StringComparison.Ordinal)
        );
        await Git(place, "cd work && git init -q . && git add . && git commit -qm first");
        place.Write(
            "work/experiments/mine.yaml",
            "extends: base.yaml\nname: mine\nseeds: [11]\nstages: { fine_tune: { epochs: 1 } }\n"
        );
        place.Write("work/experiments/base.yaml", place.Read("work/experiments/base.yaml") + "\nthreads: 2\n");
        Outcome run = await place
            .Start(
                "bash",
                "-c",
                $"cd work && dotnet '{place.Tool}/dotnet-breakhis.dll' run experiments/mine.yaml --quiet"
            )
            .End();
        Assert.True(run.ExitCode == 0, $"{run}");

        // Only these three are copied: the ledger, the repository and the data.
        File.Copy(place.At("work/.breakhis/ledger.db"), clean.At("ledger.db"));
        await Git(place, $"git clone -q --bare work '{clean.At("repository")}'");
        Directory.Delete(place.At("work"), recursive: true);

        string Fact(string name) =>
            string.Join('\n', clean.Query($"select value from provenance where name = '{name}'", "."));
        clean.Write("patch", Fact("git.patch"));
        await Git(
            clean,
            $"git clone -q repository again && cd again && git checkout -q {Fact("git.commit")} && git apply ../patch"
        );
        string spec = Path.Combine(
            "again",
            Fact("git.folder"),
            clean.Query("select spec_file from runs", ".")[0].Split('/')[^1]
        );
        Assert.Equal(
            "extends: base.yaml\nname: mine\nseeds: [11]\nstages: { fine_tune: { epochs: 1 } }\n",
            clean.Read(spec)
        );
        Outcome again = await clean.Breakhis(
            "run",
            spec,
            "--quiet",
            "--home",
            "home",
            "--set",
            $"data.path={Fact("data.folder")}"
        );

        Assert.True(again.ExitCode == 0, $"{again}");
        foreach (string query in Everything)
        {
            IReadOnlyList<string> rows = clean.Query(query, ".");
            Assert.NotEmpty(rows);
            Assert.Equal(rows, clean.Query(query, "home"));
        }
    }

    private static readonly string[] Everything =
    [
        "select fingerprint from runs",
        "select stage, epoch, train_loss, validation_loss, validation_macro_f1, order_sha256, state_sha256 from epochs order by stage, epoch",
        "select stage, image, truth, predicted, probabilities from predictions order by stage, image",
        "select path, sha256 from artifacts order by path, number",
    ];

    private const string Pictures = """
        extends: tiny.yaml
        name: pictures
        data: { source: breakhis, path: tissue, synthetic: null }
        """;

    internal static async Task<string> Git(Workplace place, string commands)
    {
        string who = "git config --global user.email a@b.c; git config --global user.name n; ";
        place.Environment["GIT_CONFIG_GLOBAL"] = place.At(".gitconfig-of-the-test");
        Outcome git = await place.Start("bash", "-c", "set -e; " + who + commands).End();
        Assert.True(git.ExitCode == 0, $"{git}");
        return git.Output.Trim();
    }

    /// <summary>Every file of the home folder, with its bytes and times.</summary>
    private static IReadOnlyList<string> Evidence(Workplace place) =>
        [
            .. Directory
                .EnumerateFiles(place.At(".breakhis"), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file =>
                    $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))} {File.GetLastWriteTimeUtc(file):O}"
                ),
        ];

    /// <summary>Leaves the ledger as a killed process does: with a log that the next process merges.</summary>
    private static void LeaveLog(Workplace place)
    {
        string ledger = place.At(".breakhis/ledger.db");
        string log = ledger + "-wal";
        using (var connection = new SqliteConnection($"Data Source={ledger};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand change = connection.CreateCommand();
            change.CommandText = "pragma journal_mode = wal; begin; update runs set name = name; commit";
            change.ExecuteNonQuery();
            File.Copy(log, log + ".kept");
        }

        File.Move(log + ".kept", log);
    }

    /// <summary>A temporary folder that only this test's tool uses.</summary>
    private static string OwnTemporary(Workplace place) =>
        place.Environment["TMPDIR"] = Directory.CreateDirectory(place.At("tmp")).FullName;

    /// <summary>
    /// The tool with an extra byte at the end of TorchSharp's native library, which no program reads.
    /// </summary>
    private static string WithAnotherLibrary(Workplace place)
    {
        string folder = place.At("tool");
        foreach (string file in Directory.GetFiles(place.Tool, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(place.Tool, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string name = Path.GetFileName(file);
            if (name == "libLibTorchSharp.so")
            {
                File.WriteAllBytes(target, [.. File.ReadAllBytes(file), 0]);
            }
            else if (name.StartsWith("dotnet-breakhis", StringComparison.Ordinal))
            {
                // The host follows links, and treats the folder of the real file as the program's.
                File.Copy(file, target);
            }
            else
            {
                File.CreateSymbolicLink(target, file);
            }
        }

        return folder;
    }
}
