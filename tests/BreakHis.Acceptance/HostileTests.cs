using System.Security.Cryptography;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// A home folder of somebody of ill will: runs whose rows have every kind of hostile value, and files of every kind where
/// records are expected. No command executes, overwrites, hangs, or fails by a fault of the tool.
/// </summary>
public sealed class HostileTests
{
    private const int Runs = 60;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[][] Commands =
    [
        ["list"],
        ["list", "--json"],
        ["show"],
        ["show", "--json"],
        ["audit", "--all"],
        ["audit", "--all", "--format", "sarif"],
        ["ledger", "verify"],
        ["ledger", "head"],
        ["ledger", "rebuild", "--to", "rebuilt.db"],
        ["import", "elsewhere", "--check"],
        ["cache", "list"],
        ["cache", "clean"],
        ["doctor"],
        ["run", "tiny.yaml", "--quiet", "--set", "stages.fine_tune=null"],
    ];

    [Fact]
    public async Task A_home_of_hostile_runs_breaks_no_command()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string good = place.Query("select id from runs")[0];
        string ledger = place.At(".breakhis/ledger.db");
        string[] ids = Hostile(ledger, good);
        HostileFiles(place, ids);
        place.Write("kept.txt", "kept");
        Directory.CreateDirectory(place.At("account"));

        List<Outcome> all = [];
        string[][] reports =
        [
            ["report", good, .. ids[..30], "--out", "a.html"],
            ["report", ids[0]],
            ["show", ids[1]],
            ["compare", good],
            ["compare", ids[2], ids[3]],
        ];
        foreach (string[] command in (string[][])[.. Commands, .. reports])
        {
            Outcome outcome = await place
                .StartBreakhis(command)
                .End()
                .WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.False(outcome.Error.Contains("BH9001", StringComparison.Ordinal), $"{command[0]} {outcome}");
            Assert.True(outcome.ExitCode is 0 or 1 or 2, $"{outcome}");
            all.Add(outcome);
        }

        // The good run is still there, listed, shown, reported and checked.
        Assert.Contains(good, all[0].Output, StringComparison.Ordinal);
        Outcome page = all[Commands.Length];
        Assert.True(File.Exists(place.At("a.html")), $"{page}");
        Assert.Contains(good, place.Read("a.html"), StringComparison.Ordinal);
        Assert.Matches($"run {good} .*\n  pass          record     chain", all[4].Output);
        Assert.Equal("kept", place.Read("kept.txt"));
        string[] known =
        [
            "tiny.yaml",
            "kept.txt",
            "a.html",
            "rebuilt.db",
            "account",
            "elsewhere",
            ".breakhis",
            "reports",
        ];
        Assert.Empty(
            Directory.EnumerateFileSystemEntries(place.Folder).Select(path => Path.GetFileName(path)).Except(known)
        );
    }

    [Fact]
    public async Task A_run_in_quarantine_is_in_no_list_but_in_the_chain()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string id = place.Query("select id from runs")[0];
        string head = (await place.Breakhis("ledger", "head")).Output;

        Outcome hidden = await place.Breakhis("ledger", "quarantine", id[..4]);
        Assert.True(hidden.ExitCode == 0, $"{hidden}");

        Outcome list = await place.Breakhis("list");
        Assert.DoesNotContain(id, list.Output, StringComparison.Ordinal);
        Assert.Contains($"note: 1 run in quarantine: {id}", list.Error, StringComparison.Ordinal);
        Outcome show = await place.Breakhis("show", id);
        Assert.Equal(2, show.ExitCode);
        Assert.Contains(
            $"'dotnet breakhis ledger quarantine {id} --undo' puts it back",
            show.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(head, (await place.Breakhis("ledger", "head")).Output);
        Outcome verify = await place.Breakhis("ledger", "verify");
        Assert.Contains(
            $"inconclusive  quarantine: 1 run is in quarantine and in no list: {id}",
            verify.Output,
            StringComparison.Ordinal
        );
        Outcome dry = await place.Breakhis("run", "tiny.yaml", "--dry-run");
        Assert.DoesNotContain("already", dry.Output + dry.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await place.Breakhis("ledger", "quarantine", id, "--undo")).ExitCode);
        Assert.Contains(id, (await place.Breakhis("list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edited_row_is_named_wherever_it_is_shown()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string id = place.Query("select id from runs")[0];
        string record = place.Query(
            "select record || ' (' || kind || ')' from stage_ends join records using (run_id, record) where stage = 'fine_tune'"
        )[0];
        Assert.Equal(1, place.Edit("UPDATE stage_ends SET accuracy = 0.963 WHERE stage = 'fine_tune'"));

        Outcome list = await place.Breakhis("list");
        Outcome show = await place.Breakhis("show");
        Outcome report = await place.Breakhis("report", "--out", "x.html");

        Assert.Equal((1, 0, 0), (list.ExitCode, show.ExitCode, report.ExitCode));
        Assert.Contains("96.3 %", list.Output, StringComparison.Ordinal);
        Assert.Contains("edited", list.Output, StringComparison.Ordinal);
        Assert.Contains($"run {id} is not as it was recorded", list.Error, StringComparison.Ordinal);
        Outcome none = await place.Breakhis("list", "--spec", "another");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains($"run {id} is not as it was recorded", none.Error, StringComparison.Ordinal);
        Assert.Contains($"  edited       not as recorded: record {record};", show.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"this run is not as it was recorded: record {record}.",
            place.Read("x.html"),
            StringComparison.Ordinal
        );
    }

    /// <summary>Adds copies of a run, each with a hostile value of its own.</summary>
    private static string[] Hostile(string ledger, string good)
    {
        string[] ids = [.. Enumerable.Range(0, Runs).Select(i => $"{i:x10}")];
        IReadOnlyDictionary<string, string> schema = HostileLedger.Loosen(ledger);
        HostileLedger.Copy(ledger, good, ids);
        HostileValue[] values =
        [
            .. HostileLedger.ValuesOf(ledger).Where(value => value.Column is not ("id" or "run_id")),
        ];
        Random.Shared.Shuffle(values);
        foreach ((string id, HostileValue value) in ids.Zip(values))
        {
            HostileLedger.Write(ledger, value, id);
        }

        HostileLedger.Restore(ledger, schema);
        return ids;
    }

    /// <summary>Pipes, links and folders in the place of records, and a folder to import of the same kind.</summary>
    private static void HostileFiles(Workplace place, string[] ids)
    {
        string home = place.At(".breakhis");
        foreach (string folder in (string[])[home, place.At("elsewhere")])
        {
            string[] runs = [.. ids.Take(5).Select(id => Path.Combine(folder, "runs", id))];
            Array.ForEach(runs, run => Directory.CreateDirectory(run));
            NamedPipe.Make(Path.Combine(runs[0], "record.jsonl"));
            File.CreateSymbolicLink(Path.Combine(runs[1], "record.jsonl"), "/dev/zero");
            File.CreateSymbolicLink(Path.Combine(runs[2], "record.jsonl"), Path.Combine(runs[2], "record.jsonl"));
            Directory.CreateDirectory(Path.Combine(runs[3], "record.jsonl"));
            File.WriteAllBytes(Path.Combine(runs[4], "record.jsonl"), RandomNumberGenerator.GetBytes(5_000));
            Directory.CreateDirectory(Path.Combine(folder, "runs", "../../../x".Replace('/', '_')));
        }
    }
}
