using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Runs;
using Xunit;

namespace BreakHis.Tests.Ledger.Import;

/// <summary>Imports of a process that was killed, and records of imports that were lost.</summary>
public sealed class KilledImportTests : ImportedHomes
{
    /// <summary>The process was killed after the ledger had the runs and before their files had them.</summary>
    [Fact]
    public void The_record_of_a_killed_import_is_completed_by_the_next_write()
    {
        Machine("a");
        string own = Machine("b");
        using (var here = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
        }

        string records = Folder["b/runs/ledger.jsonl"];
        string[] lines = File.ReadAllLines(records);
        Assert.Contains("imported", lines[^1], StringComparison.Ordinal);
        File.WriteAllLines(records, lines[..^1]);

        using (var here = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            here.Note(own, "reran", SyntheticRun.Start, ("outcome", "same"));
        }

        Assert.Equal(lines, File.ReadAllLines(records)[..lines.Length]);
    }

    /// <summary>The record of the import comes before those of its runs, so its loss leaves a gap.</summary>
    [Fact]
    public void Imported_runs_do_not_become_ones_own_when_the_record_of_the_import_is_lost()
    {
        string imported = Machine("a");
        Machine("b");
        using (var here = LedgerDatabase.Open(Folder["b/ledger.db"]))
        {
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
            Assert.True(here.IsOwn);
            Assert.False(here.Load(imported).Summary.IsMadeHere);
        }

        Array.ForEach([.. LedgerFiles.Of(Folder["b/ledger.db"])], File.Delete);
        string records = Folder["b/runs/ledger.jsonl"];
        File.WriteAllLines(records, File.ReadAllLines(records)[..^1]);

        RebuiltLedger made = LedgerRebuild.Make(new HomeFolder(Folder["b"]), null, SyntheticRun.Start);

        Assert.StartsWith("record number ", made.Missing[0], StringComparison.Ordinal);
        using var rebuilt = LedgerDatabase.OpenForReading(Folder["b/ledger.db"]);
        Assert.False(rebuilt.IsOwn);
        Assert.False(rebuilt.Load(imported).Summary.IsMadeHere);
    }

    /// <summary>As if the process had been killed after the ledger had the run, or before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_next_write_completes_an_import_or_takes_it_back(bool isInLedger)
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        if (isInLedger)
        {
            LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
            Directory.Delete(here.Home.Run(run).Path, recursive: true);
        }

        string staged = Folder[$"b/imports/1/runs/{run}/bottleneck/best.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        File.WriteAllText(staged, "weights");
        using var next = LedgerDatabase.Open(Folder["b/ledger.db"]);
        next.Begin(SyntheticRun.New());

        Assert.Equal(isInLedger, File.Exists(here.Home.Run(run).File("bottleneck/best.safetensors")));
        Assert.Equal(isInLedger, File.Exists(here.Home.Run(run).File("record.jsonl")));
        Assert.False(Directory.Exists(here.Home.Imports));
    }

    [Fact]
    public void Files_of_an_import_that_cannot_be_moved_are_kept()
    {
        string run = MachineWithWeights();
        using var here = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerImport.From(here, Folder["a"], SyntheticRun.Start);
        string weights = here.Home.Run(run).File("bottleneck/best.safetensors");
        string staged = Folder[$"b/imports/1/runs/{run}/bottleneck/best.safetensors"];
        Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
        File.Move(weights, staged);
        Directory.CreateDirectory(weights);

        using var next = LedgerDatabase.Open(Folder["b/ledger.db"]);
        LedgerException e = Assert.Throws<LedgerException>(() => next.Begin(SyntheticRun.New()));

        Assert.Contains("imports/1 has files of an import", e.Message, StringComparison.Ordinal);
        Assert.Equal("weights", File.ReadAllText(staged));
        Directory.Delete(weights);
        next.Begin(SyntheticRun.New());
        Assert.Equal("weights", File.ReadAllText(weights));
        Assert.False(Directory.Exists(here.Home.Imports));
    }
}
