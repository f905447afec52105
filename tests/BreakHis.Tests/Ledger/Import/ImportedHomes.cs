using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Import;
using BreakHis.Processes;
using BreakHis.Runs;
using BreakHis.Testing;

namespace BreakHis.Tests.Ledger.Import;

/// <summary>Home folders, each like that of another machine, whose runs are imported.</summary>
public abstract class ImportedHomes : IDisposable
{
    /// <summary>The folder of all machines.</summary>
    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>A run that began on machine a and was continued on machine b.</summary>
    private protected string ContinuedElsewhere(RunProcess process)
    {
        string run;
        using (var begun = LedgerDatabase.Open(Folder["a/ledger.db"]))
        {
            run = begun.Begin(SyntheticRun.New() with { Process = process });
        }

        CopyOfRuns("a", "b");
        LedgerRebuild.Make(new HomeFolder(Folder["b"]), null, SyntheticRun.Start);
        using var there = LedgerDatabase.Open(Folder["b/ledger.db"]);
        there.Record(run, new StageStarted("bottleneck"), SyntheticRun.Start);
        return run;
    }

    /// <summary>A home folder with one run and the weights of its first stage.</summary>
    private protected string MachineWithWeights()
    {
        using var ledger = LedgerDatabase.Open(Folder["a/ledger.db"]);
        string run = new ConsistentRun { WeightsSha256 = Sha256Hex.OfText("weights") }.Write(ledger);
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", "a"));
        Directory.CreateDirectory(Folder[$"a/runs/{run}/bottleneck"]);
        File.WriteAllText(Folder[$"a/runs/{run}/bottleneck/best.safetensors"], "weights");
        return run;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected void CopyOfRuns(string from, string to)
    {
        foreach (string file in Directory.GetFiles(Folder[$"{from}/runs"], "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(Folder[to], Path.GetRelativePath(Folder[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>A home folder with one run.</summary>
    private protected string Machine(string name, long seed = 1)
    {
        using var ledger = LedgerDatabase.Open(Folder[$"{name}/ledger.db"]);
        ledger.Connection.Execute("PRAGMA synchronous = OFF");
        string run = new ConsistentRun(seed).Write(ledger);
        ledger.Note(LedgerNote.Ledger, "sample_drawn", SyntheticRun.Start, ("machine", name));
        return run;
    }

    private protected static string ReplaceFirst(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }
}
