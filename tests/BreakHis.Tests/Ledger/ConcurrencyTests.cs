using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class ConcurrencyTests
{
    [Fact]
    public async Task Eight_writers_lose_nothing_in_one_ledger()
    {
        const int Writers = 8;
        const int Runs = 3;
        using var folder = new TemporaryFolder();
        string file = folder["ledger.db"];
        using var start = new Barrier(Writers);

        // All writers open the missing file at once. Locks belong to connections, so threads can represent processes.
        void Write(int writer)
        {
            start.SignalAndWait(TestContext.Current.CancellationToken);
            for (int run = 0; run < Runs; run++)
            {
                using var ledger = LedgerDatabase.Open(file);
                SyntheticRun.Complete(ledger, SyntheticRun.New(SyntheticRun.Plan($"writer-{writer}")));
            }
        }

        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(i => Task.Factory.StartNew(() => Write(i), TaskCreationOptions.LongRunning))
        );

        using var reading = LedgerDatabase.OpenForReading(file);
        IReadOnlyList<RunSummary> lines = reading.List(new RunFilter()).Runs;
        Assert.Equal(Writers * Runs, lines.Count);
        Assert.Equal(Writers, lines.Select(line => line.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (RecordedRun run in lines.Select(line => reading.Load(line.Id)))
        {
            Assert.Equal(RunState.Finished, run.Summary.State);
            Assert.Equal(SyntheticRun.Events.OfType<EpochEnded>(), run.Stages.SelectMany(stage => stage.Epochs));
            Assert.Equal(8, run.Stages.Sum(stage => stage.Predictions.Count));
        }
    }
}
