using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using Spectre.Console;

namespace BreakHis.Tool.Commands;

/// <summary><c>list</c>: lists the runs in the ledger.</summary>
internal static class ListCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var spec = new Option<string?>("--spec")
        {
            Description = "Only runs of the spec with this name",
            HelpName = "NAME",
        };
        var state = new Option<string?>("--state")
        {
            Description = "Only runs in this state: running, finished, failed, interrupted or killed",
            HelpName = "STATE",
        };
        var since = new Option<string?>("--since")
        {
            Description = "Only runs started on or after this day (UTC)",
            HelpName = "YYYY-MM-DD",
        };
        var json = new Option<bool>("--json") { Description = "One JSON object per line" };
        state.AcceptOnly(StateWord.All);
        var command = new Command(
            "list",
            """
            List runs, newest first.

            Examples:
              dotnet breakhis list --spec quickstart
              dotnet breakhis list --state failed --json
            """
        )
        {
            spec,
            state,
            since,
            json,
        };
        command.SetAction(parsed =>
        {
            string? word = parsed.GetValue(state);
            var filter = new RunFilter(
                parsed.GetValue(spec),
                word is null ? null : StateWord.Recorded(word),
                parsed.GetValue(since) is string day ? Day(day) : null
            );
            return Show(RootOptions.HomeOf(parsed), filter, word, parsed.GetValue(json));
        });
        return command;
    }

    /// <summary>Lists the runs that match, and says what is wrong with any run.</summary>
    private static int Show(HomeFolder home, RunFilter filter, string? word, bool json)
    {
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        RunList list = ledger.List(filter);
        IReadOnlySet<string> edited = ledger.EditedInLists();
        RunSummary[] found =
        [
            .. list
                .Runs.Where(run => word is null || StateWord.Of(run) == word)
                .Select(run => run with { IsEdited = edited.Contains(run.Id) }),
        ];
        if (found.Length > 0)
        {
            Print(found, json);
        }
        else
        {
            StandardStreams.Error.WriteLine("no matching runs");
        }

        // Also runs that the list does not show: an edited name or a deleted row must not hide a run.
        string[] wrong =
        [
            .. edited.Except(list.Quarantined, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Edited),
            .. list.Malformed.Select(Unreadable),
        ];
        foreach (string fault in wrong)
        {
            StandardStreams.Error.WriteLine(fault);
        }

        if (list.Quarantined.Count > 0)
        {
            StandardStreams.Error.WriteLine(
                $"note: {Plural.Of(list.Quarantined.Count, "run")} in quarantine: {Listing.Words(list.Quarantined)}"
            );
        }

        return wrong.Length == 0 ? 0 : Failure.Found;
    }

    /// <summary>Returns the warning of a run whose values are not the recorded ones.</summary>
    public static string Edited(string run) =>
        $"run {run} is not as it was recorded; 'dotnet breakhis ledger verify' names the edited values";

    private static string Unreadable(MalformedRun run) =>
        $"run {run.Id} cannot be listed, because its record is not in this tool's format ({run.Reason}); 'dotnet breakhis ledger quarantine {run.Id}' takes it out of this list";

    private static DateTimeOffset Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new InputException($"--since: '{text}' is not a day such as 2026-11-24");

    private static void Print(IReadOnlyList<RunSummary> runs, bool json)
    {
        if (json)
        {
            foreach (RunSummary run in runs)
            {
                StandardStreams.Out.WriteLine(JsonSerializer.Serialize(run, ToolJson.Default.RunSummary));
            }

            return;
        }

        Table table = new Table().Border(TableBorder.Simple);
        table.AddColumns("run", "spec", "state", "seed", "started (UTC)", "stage", "accuracy", "balanced", "macro-F1");
        bool hasOthers = runs.Any(run => !run.IsMadeHere);
        if (hasOthers)
        {
            table.AddColumn("origin");
        }

        bool hasEdited = runs.Any(run => run.IsEdited);
        if (hasEdited)
        {
            table.AddColumn("record");
        }

        foreach (RunSummary run in runs)
        {
            string[] cells =
            [
                Cell.Of(run.Id),
                Cell.Of(RunTitle.Of(run)),
                Coloured(run),
                Digits.Of(run.Seed),
                Cell.Of(run.StartedAt.Replace('T', ' ').TrimEnd('Z')),
                Cell.Of(run.LastStage ?? ""),
                run.LastScores is null ? "" : Percent.Of(run.LastScores.Accuracy),
                run.LastScores is null ? "" : Percent.Of(run.LastScores.BalancedAccuracy),
                run.LastScores?.MacroF1.ToString("F3", CultureInfo.InvariantCulture) ?? "",
                .. hasOthers ? (string[])[RunOrigin.Word(run)] : [],
                .. hasEdited ? (string[])[run.IsEdited ? "[red]edited[/]" : "intact"] : [],
            ];
            table.AddRow(cells);
        }

        StandardStreams.OutConsole.Write(table);
    }

    private static string Coloured(RunSummary run)
    {
        string colour = run.State switch
        {
            RunState.Finished => "green",
            RunState.Failed => "red",
            RunState.Running or RunState.Interrupted => "yellow",
            _ => throw new UnreachableException($"unknown: {run.State}"),
        };
        return $"[{colour}]{StateWord.Of(run)}[/]";
    }
}
