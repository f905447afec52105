using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace BreakHis.Acceptance.Faults;

/// <summary>Runs that are killed and resumed until they end must have the same bits as an uninterrupted run.</summary>
public sealed partial class KillTests
{
    /// <summary>Many with BREAKHIS_SLOW_TESTS=all, which takes most of an hour; a few in .ci/run.</summary>
    private static readonly bool Full = SpecTexts.AllRun;

    private static readonly string[] Command = ["run", "whole.yaml", "--home", "home", "--checkpoint-every", "0s"];

    private static readonly Lazy<Task<IReadOnlyList<FileEvent>>> Events = new(ListEvents);

    [Fact]
    public async Task Killed_at_random_moments()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        int kills = Full ? 100 : 3;
        var random = new Random(20261125);
        int killed = 0;
        int shown = 0;
        while (killed < kills)
        {
            using Workplace place = UninterruptedRun.NewWorkplace();
            bool ended = false;
            while (!ended)
            {
                Running running = place.StartBreakhis(Command);
                await running.Says("whole seed 3: ", TimeSpan.FromMinutes(5));
                await Task.Delay(random.Next(0, 3000), TestContext.Current.CancellationToken);
                running.SignalUnlessEnded("KILL");
                Outcome outcome = await running.End();
                ended = outcome.ExitCode == 0;
                killed += ended ? 0 : 1;
                shown += NothingReportedIsLost(place, outcome);
            }

            await UninterruptedRun.MustMatch(
                place,
                "home",
                string.Create(CultureInfo.InvariantCulture, $"after {killed} kills")
            );
        }

        Assert.True(shown > 0, "no epoch was shown, so nothing shows that what is shown is recorded");
    }

    [Fact]
    public async Task Killed_at_each_file_event_of_a_save()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        FaultyDisk.SkipUnlessAvailable();
        IReadOnlyList<FileEvent> events = await Events.Value;
        FileEvent[] begins =
        [
            .. events.Where(e =>
                e.What == "create" && e.Path.Contains("/checkpoints/fine_tune-", StringComparison.Ordinal)
            ),
        ];
        (int from, int to) = (begins[6].Number, begins[7].Number);
        FileEvent[] save = [.. Distinct(events).Where(e => e.Number >= from && e.Number < to)];
        Assert.Contains(save, e => e.Path.EndsWith("/ledger.db-wal", StringComparison.Ordinal) && e.What == "fsync");
        Assert.Contains(save, e => e.Path.EndsWith("/record.jsonl", StringComparison.Ordinal) && e.What == "write");
        await KilledAt(Full ? Both(save) : Sample(Both(save), 2));
    }

    [Fact]
    public async Task Killed_at_file_events_throughout_a_run()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        FaultyDisk.SkipUnlessAvailable();
        FileEvent[] distinct = [.. Distinct(await Events.Value)];
        Assert.True(distinct.Length > 100, $"only {distinct.Length} events");
        await KilledAt(Sample(Both(distinct), Full ? 60 : 2));
    }

    [Fact]
    public async Task A_full_disk_is_reported_and_the_run_resumes_when_there_is_space()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        FaultyDisk.SkipUnlessAvailable();
        FileEvent[] writes = [.. Distinct(await Events.Value).Where(e => e.What is "write" or "create")];
        foreach (FileEvent at in Sample(writes, Full ? 30 : 1))
        {
            using Workplace place = UninterruptedRun.NewWorkplace();
            FaultyDisk.Set(place, "home", at.Number, Fault.Full);
            Outcome struck = await place.Breakhis(Command);
            FaultyDisk.Clear(place);
            Assert.True(struck.ExitCode is 1 or 2, $"full at {at}: {struck}");
            Assert.True(SaysNoSpace().IsMatch(struck.Error), $"full at {at}: {struck}");
            Assert.DoesNotContain("   at ", struck.Error, StringComparison.Ordinal);
            Outcome outcome = await place.Breakhis(Command);
            Assert.True(outcome.ExitCode == 0, $"full at {at}: {outcome}");
            await UninterruptedRun.MustMatch(place, "home", $"full at {at}");
        }
    }

    private static async Task KilledAt(IEnumerable<(FileEvent At, Fault Fault)> faults)
    {
        foreach ((FileEvent at, Fault fault) in faults)
        {
            using Workplace place = UninterruptedRun.NewWorkplace();
            FaultyDisk.Set(place, "home", at.Number, fault);
            Outcome struck = await place.Breakhis(Command);
            FaultyDisk.Clear(place);
            Assert.True(struck.ExitCode == 137, $"{fault} at {at} did not strike: {struck}");
            Outcome outcome = await place.Breakhis(Command);
            Assert.True(outcome.ExitCode == 0, $"{fault} at {at}: {outcome}");
            await UninterruptedRun.MustMatch(place, "home", $"{fault} at {at}");
        }
    }

    /// <summary>Each event twice: with the file missing or unchanged, and with it torn.</summary>
    private static (FileEvent At, Fault Fault)[] Both(IEnumerable<FileEvent> events) =>
        [.. events.SelectMany(e => ((FileEvent, Fault)[])[(e, Fault.Kill), (e, Fault.Torn)])];

    private static async Task<IReadOnlyList<FileEvent>> ListEvents()
    {
        using Workplace place = UninterruptedRun.NewWorkplace();
        return await FaultyDisk.EventsOf(place, "home", Command);
    }

    /// <summary>The first, middle and last of consecutive writes to one file.</summary>
    private static IEnumerable<FileEvent> Distinct(IReadOnlyList<FileEvent> events)
    {
        int first = 0;
        for (int i = 1; i <= events.Count; i++)
        {
            if (i < events.Count && (events[i].What, events[i].Path) == (events[first].What, events[first].Path))
            {
                continue;
            }

            foreach (int which in (int[])[.. new[] { first, (first + i - 1) / 2, i - 1 }.Distinct()])
            {
                yield return events[which];
            }

            first = i;
        }
    }

    [GeneratedRegex("disk is full|No space left", RegexOptions.None, 1000)]
    private static partial Regex SaysNoSpace();

    private static IEnumerable<T> Sample<T>(T[] all, int count) =>
        Enumerable.Range(0, count).Select(i => all[(2 * i + 1) * all.Length / (2 * count)]);

    /// <returns>The number of epochs that the process reported.</returns>
    private static int NothingReportedIsLost(Workplace place, Outcome outcome)
    {
        int reported = outcome
            .Error.Split('\n')
            .Count(line =>
                line.Contains(" epoch ", StringComparison.Ordinal)
                && line.Contains("validation", StringComparison.Ordinal)
            );
        int recorded = int.Parse(place.Query("select count(*) from epochs", "home")[0], CultureInfo.InvariantCulture);
        Assert.True(recorded >= reported, $"{recorded} epochs are recorded, and {reported} were shown: {outcome}");
        return reported;
    }
}
