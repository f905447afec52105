using BreakHis.Audit.Artifacts;
using BreakHis.Audit.Inputs;
using BreakHis.Audit.Record;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Testing;
using BreakHis.Tests.Audit;
using Xunit;

namespace BreakHis.Tests.Ledger.Reading;

/// <summary>Whatever a ledger contains, reading it ends with an error of one line, and keeps to the run.</summary>
public sealed class HostileRecordTests : IDisposable
{
    private readonly AuditedRuns _runs = new();
    private readonly string[] _ids;
    private readonly TemporaryFolder _folder = new();

    public HostileRecordTests()
    {
        RecordedRun run = _runs.Run();
        _ids = [run.Summary.Id, _runs.Run(seed: 2).Summary.Id];
        _runs.Ledger.Dispose();
    }

    /// <summary>With BREAKHIS_FUZZ_SECONDS every value in every column, else one of 19.</summary>
    [Fact]
    public void Every_value_of_every_column_is_read_or_named()
    {
        IReadOnlyList<HostileValue> values = HostileLedger.ValuesOf(_runs.Home.Ledger);
        int step = Fuzzing.Seconds > 0 ? 1 : 19;
        int first = Random.Shared.Next(step);
        string loose = _folder["loose.db"];
        File.Copy(_runs.Home.Ledger, loose);
        IReadOnlyDictionary<string, string> schema = HostileLedger.Loosen(loose);
        int written = 0;
        List<string> faults = [];

        for (int i = first; i < values.Count; i += step)
        {
            string home = _folder[$"home{i}"];
            Directory.CreateDirectory(home);
            string ledger = Path.Combine(home, "ledger.db");
            File.Copy(loose, ledger);
            if (HostileLedger.Write(ledger, values[i], _ids[0]))
            {
                written++;
                HostileLedger.Restore(ledger, schema);
                Exception? fault = Record.Exception(() => Read(ledger));
                if (fault is not null)
                {
                    faults.Add($"{values[i]}: {fault}");
                }
            }

            Directory.Delete(home, recursive: true);
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.True(written > values.Count / step / 2, $"{written} of {values.Count / step}");
    }

    /// <summary>Reads the ledger as the commands do.</summary>
    private void Read(string path)
    {
        var home = new HomeFolder(Path.GetDirectoryName(path)!);
        var files = RecordFiles.Of(home);
        using (var audited = LedgerDatabase.OpenForAudit(path))
        {
            RecordChecks.Of(audited, files, [], null);
        }

        using var ledger = LedgerDatabase.OpenForReading(path);
        RunList list = ledger.List(new RunFilter());
        string[] known = [.. list.Runs.Select(run => run.Id), .. list.Malformed.Select(run => run.Id)];
        Understood(() => ledger.ResolveRun("@1"));
        Understood(() => ledger.FindWeights("audited"));
        Understood(() => ledger.FindInterrupted(new string('0', 64)));
        foreach (string id in known)
        {
            Understood(() => Draw(ledger, id));
        }

        // The other run is not affected, unless the value is in a row of both.
        Assert.Contains(_ids[1], list.Runs.Select(run => run.Id), StringComparer.Ordinal);
        Assert.NotEmpty(Report.Html([ledger.Load(_ids[1])]));
    }

    private int Draw(LedgerDatabase ledger, string id)
    {
        RecordedRun run = ledger.Load(id);
        using var inputs = new InputChecks(_runs.Place(), new HashedFiles());
        return MalformedRecord.Understood(
            id,
            () =>
                Report.Html([run]).Length
                + inputs.Of(run).Count()
                + ArtifactChecks.Of(run, _runs.Home.Run(id), new HashedFiles()).Count()
                + ledger.FindAlike(id).Count
                + ledger.Notes(id).Count
        );
    }

    private static void Understood<T>(Func<T> read)
    {
        try
        {
            read();
        }
        catch (LedgerException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _runs.Dispose();
    }
}
