using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands;

/// <summary><c>report</c>: renders runs from the ledger.</summary>
internal static class ReportCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN")
        {
            Description =
                "Runs, the baseline first: ids, unique prefixes, @1 for the last, or spec names (their last run) [default: @1]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("--out")
        {
            Description =
                "HTML file to write [default: reports/NAME.html at the git root, else in the current folder; NAME is the first run's]",
            HelpName = "FILE",
        };
        var open = new Option<bool>("--open") { Description = "Open the report in the browser" };
        var command = new Command(
            "report",
            """
            Write an HTML report of one or several runs.
            The report is one self-contained file. The same runs and tool always give the same file. Without --out, a report that shows other
            runs is not replaced.

            Examples:
              dotnet breakhis report
              dotnet breakhis report @2 @1 --out comparison.html
            """
        )
        {
            runs,
            output,
            open,
        };
        output.WritesReport();
        command.SetAction(parsed =>
            Render(
                RootOptions.HomeOf(parsed),
                parsed.GetValue(runs) is { Length: > 0 } named ? named : ["@1"],
                output,
                parsed.GetValue(output),
                parsed.GetValue(open)
            )
        );
        return command;
    }

    /// <summary>The default path of a spec's report: reports/NAME.html at the git root.</summary>
    /// <exception cref="InputException">A record has a name that no spec can have; it could lead elsewhere.</exception>
    public static string DefaultPath(string name) =>
        ExperimentSpec.IsName(name)
            ? Path.Combine(DefaultFolder(), name + ".html")
            : throw new InputException(
                $"the run's name '{OneLine.Escaped(name)}' is not a spec's name; name the file to write with --out"
            );

    /// <summary>The folder of pages whose path is not given.</summary>
    public static string DefaultFolder() => Path.Combine(RootOptions.WorkFolder(), "reports");

    /// <summary>Writes the report of some runs, except those whose record is malformed.</summary>
    /// <returns>The path of the report, and its runs.</returns>
    /// <exception cref="LedgerException">No run can be read.</exception>
    /// <param name="replaces">Whether it may replace a report that shows other runs.</param>
    /// <exception cref="InputException">Another file of the user's is there.</exception>
    public static (string Path, IReadOnlyList<RecordedRun> Runs) Write(
        LedgerDatabase ledger,
        IReadOnlyList<string> runIds,
        string? output,
        bool replaces
    )
    {
        (string html, IReadOnlyList<RecordedRun> runs) = Drawn([.. ReadableRuns.Load(ledger, runIds)]);
        string path = Path.GetFullPath(output ?? DefaultPath(runs[0].Summary.Name));
        RequireReport(path);
        if (!replaces && ShowsOthers(path, runIds))
        {
            throw new InputException($"{path} shows other runs; name the file to write with --out");
        }

        AtomicFile.Write(path, html);
        foreach (RecordedRun run in runs.Where(run => run.EditedRecords.Count > 0))
        {
            StandardStreams.Error.WriteLine(ListCommand.Edited(run.Summary.Id));
        }

        return (path, runs);
    }

    /// <summary>Refuses to replace a file that is not a report.</summary>
    /// <exception cref="InputException">It is not one.</exception>
    public static void RequireReport(string path)
    {
        if (PathOption.NotAReport(path) is string fault)
        {
            throw new InputException($"the page would be written to '{path}', which {fault}");
        }
    }

    private static (string Html, IReadOnlyList<RecordedRun> Runs) Drawn(IReadOnlyList<RecordedRun> runs)
    {
        if (runs.Count == 0)
        {
            throw new LedgerException(LedgerFault.Malformed, "no run is left to report");
        }

        try
        {
            return (ReportPage.Of(runs), runs);
        }
        catch (Exception e) when (MalformedRecord.IsCause(e))
        {
            RecordedRun[] drawable = [.. ReadableRuns.Of(runs, run => ReportPage.Of([run]))];
            if (drawable.Length == runs.Count)
            {
                throw;
            }

            return Drawn(drawable);
        }
    }

    /// <summary>Returns whether a file is a report of runs that are not among some others.</summary>
    public static bool ShowsOthers(string path, IReadOnlyList<string> runIds) =>
        RegularFile.Exists(path)
        && KnownHead
            .InReport(RegularFile.Text(path), path)
            .Any(pin => pin.Run is not null && !runIds.Contains(pin.Run, StringComparer.Ordinal));

    private static int Render(HomeFolder home, string[] references, Option<string?> option, string? output, bool open)
    {
        PathOption.RequireOther(option, output, home, []);
        using var ledger = LedgerDatabase.OpenForReading(home.Ledger);
        // As run does: the page is named after the spec, also if its run was recorded under another name.
        string? named =
            references is [string name] && ExperimentSpec.IsName(name) && ledger.IsSpec(name)
                ? DefaultPath(name)
                : null;
        (string path, IReadOnlyList<RecordedRun> runs) = Write(
            ledger,
            [.. references.Select(ledger.ResolveRun)],
            output ?? named,
            replaces: output is not null
        );
        StandardStreams.Out.WriteLine(path);
        if (open)
        {
            Open(path);
        }

        return runs.Count == references.Length ? 0 : Failure.Found;
    }

    private static void Open(string path)
    {
        try
        {
            Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
        }
        catch (Win32Exception e)
        {
            StandardStreams.Error.WriteLine($"note: cannot open a browser: {e.Message}");
        }
    }
}
