using System.CommandLine;
using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Commands.Weights;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Run;

/// <summary><c>run</c>: resolves specs, runs what is not yet in the ledger, and renders the report.</summary>
internal static class RunCommand
{
    private static readonly SpecArguments Specs = new();

    private static readonly Option<string> Device = new("--device")
    {
        Description = "auto (a GPU if there is one), cpu or cuda [default: auto]",
        HelpName = "DEVICE",
        DefaultValueFactory = _ => DeviceNames.Auto,
    };

    private static readonly Option<int?> Threads = new("--threads")
    {
        CustomParser = NumberArgument.Between(1, ExperimentSpec.MostThreads),
        Description = "Threads for training, instead of the spec's; a different count gives different bits",
        HelpName = "N",
    };

    private static readonly Option<bool> Fresh = new("--fresh")
    {
        Description =
            "Run again even if the ledger already has the result; after an interruption, the same command resumes",
    };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Check the images, print the resolved plan and run nothing",
    };

    private static readonly Option<bool> Strict = new("--strict")
    {
        Description =
            "Refuse to run if validation data leaks into training, images are left out, or code cannot be recorded",
    };

    private static readonly Option<bool> Quiet = new("--quiet") { Description = "Print results only, no progress" };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Print one JSON object per run or, with --dry-run, per plan",
    };

    private static readonly Option<string?> CheckpointEvery = new("--checkpoint-every")
    {
        Description = "Checkpoint interval, such as 30s, 10m or 5epochs [default: 1m]",
        HelpName = "TIME|EPOCHS",
    };

    private static readonly Option<bool> Trace = new("--trace")
    {
        Description =
            "Record hashes of every training step, so that an audit can locate a difference down to step and module; slow",
    };

    private static readonly Option<bool> RecordUntracked = new("--record-untracked")
    {
        Description = "Record the contents of all untracked files, not only of specs, sources and project files",
    };

    private static readonly Option<bool> AcceptImported = new("--accept-imported")
    {
        Description =
            "Accept results of imported runs and of another account's ledger, and resume their unfinished runs",
    };

    private static readonly Option<string?> Report = new("--report")
    {
        Description =
            "HTML report to write, of the runs of all specs [default: one per spec, reports/NAME.html at the git root, else in the current folder]",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Dependencies = new("--dependencies")
    {
        Description = "File in which to list all spec files that were read, for build systems",
        HelpName = "FILE",
    };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Device.AcceptOnly(DeviceNames.Auto, DeviceNames.Cpu, DeviceNames.Cuda);
        Report.WritesReport();
        Dependencies.WritesFile();
        var command = new Command(
            "run",
            """
            Run experiment specs.
            Every combination of a spec's seeds and matrix is one run; runs whose fingerprint is already in the ledger are
            skipped. Ctrl-C stops after the current step. To resume a stopped or killed run, repeat the command; the
            result has the same bits. Each spec has its own report, which shows the spec's runs of this command and replaces
            the previous one; with --report, one report shows the runs of all specs and compares them.

            Examples:
              dotnet breakhis run experiments/quickstart.yaml
              dotnet breakhis run experiments/quickstart.yaml --dry-run
              dotnet breakhis run my.yaml --seeds 1..5 --set stages.bottleneck.epochs=40
            """
        );
        Specs.AddTo(command);
        foreach (
            Option option in (Option[])
                [
                    Device,
                    Threads,
                    DryRun,
                    Fresh,
                    Strict,
                    CheckpointEvery,
                    Trace,
                    RecordUntracked,
                    AcceptImported,
                    Quiet,
                    Json,
                    Report,
                    Dependencies,
                ]
        )
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, _) => Run(parsed));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed)
    {
        using var interruption = new CancelOnSignal();
        IReadOnlyList<SpecFile> files = Specs.Read(
            parsed,
            parsed.GetValue(Threads) is int threads ? [Invariant($"threads={threads}")] : []
        );
        CheckpointInterval interval = CheckpointIntervalText.Parse(parsed.GetValue(CheckpointEvery));
        HomeFolder home = RootOptions.HomeOf(parsed);
        string[] read = [.. files.SelectMany(file => file.Files)];
        PathOption.RequireOther(Report, parsed.GetValue(Report), home, read);
        PathOption.RequireOther(
            Dependencies,
            parsed.GetValue(Dependencies),
            home,
            [.. read, .. parsed.GetValue(Report) is string page ? (string[])[page] : []]
        );
        WriteDependencies(parsed.GetValue(Dependencies), files);
        Problem[] problems = [.. files.SelectMany(file => file.Problems)];
        if (problems.Length > 0)
        {
            return Failure.Of(problems);
        }

        if (parsed.GetValue(Report) is null && !parsed.GetValue(DryRun))
        {
            RequireReports(files);
        }

        home.RequireNoLinks();
        bool quiet = parsed.GetValue(Quiet) || parsed.GetValue(Json);
        if (!parsed.GetValue(DryRun))
        {
            await WeightsFetch.ForRuns(files, home, quiet, interruption.Token);
        }

        IReadOnlyList<PlannedRun> planned = await Planned(files, home, parsed, quiet, interruption.Token);
        if (parsed.GetValue(Strict) && Doubts(planned, home) is { Length: > 0 } doubts)
        {
            return Failure.Of(doubts);
        }

        if (parsed.GetValue(DryRun))
        {
            PrintPlans(planned, parsed.GetValue(Json));
            return 0;
        }

        var options = new RunOptions(
            parsed.GetValue(Fresh),
            quiet,
            interval,
            parsed.GetValue(Trace),
            parsed.GetValue(RecordUntracked),
            parsed.GetValue(AcceptImported),
            Environment.GetCommandLineArgs()[1..]
        );
        return await RunAll(new RunSession(home, options), planned, parsed, interruption.Token);
    }

    private static async Task<IReadOnlyList<PlannedRun>> Planned(
        IReadOnlyList<SpecFile> files,
        HomeFolder home,
        ParseResult parsed,
        bool quiet,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<PlannedRun> planned = await Planning.Of(
            files,
            home,
            parsed.GetValue(Device)!,
            quiet,
            cancellation
        );
        cancellation.ThrowIfCancellationRequested();
        return await SplitInspection.At(planned, home, keep: !parsed.GetValue(DryRun), quiet, cancellation);
    }

    private static void RequireReports(IReadOnlyList<SpecFile> files)
    {
        IEnumerable<string> names = files.SelectMany(file => file.Variants.Select(variant => variant.Spec.Name));
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            ReportCommand.RequireReport(ReportCommand.DefaultPath(name));
        }
    }

    private static Problem[] Doubts(IReadOnlyList<PlannedRun> planned, HomeFolder home) =>
        [
            .. SplitInspection.Leaks(planned),
            .. planned
                .SelectMany(run =>
                    run.Plan.Data.LeftOut.Where(left => !left.IsUsual)
                        .Select(left => run.ProblemAt(ProblemCodes.LeftOut, "data.source", $"left out: {left.Text}"))
                )
                .Distinct(),
            .. from run in planned.DistinctBy(run => run.Plan.SpecFile, StringComparer.Ordinal)
            from missing in RunProvenance.Code(run.Plan, home, recordUntracked: false).Doubts
            select new Problem(ProblemCodes.CodeUnread, missing, run.Plan.SpecFile, 1, 1),
        ];

    private static void PrintPlans(IReadOnlyList<PlannedRun> planned, bool json)
    {
        foreach (PlannedRun run in planned)
        {
            if (json)
            {
                StandardStreams.Out.WriteLine(PlanJson.Complete(run.Plan));
            }
            else
            {
                PlanText.Print(run);
            }
        }
    }

    private static async Task<int> RunAll(
        RunSession session,
        IReadOnlyList<PlannedRun> planned,
        ParseResult parsed,
        CancellationToken cancellation
    )
    {
        using var ledger = LedgerDatabase.Open(session.Home.Ledger);
        int exitCode = 0;
        bool fresh = parsed.GetValue(Fresh);
        IReadOnlySet<string> finished = fresh
            ? InterruptedCall.Finished(ledger, planned.Select(run => run.Plan.Fingerprint))
            : new HashSet<string>(StringComparer.Ordinal);
        var pages = new RunPages(ledger, parsed.GetValue(Report));
        IGrouping<string, PlannedRun>[] specs = [.. planned.GroupBy(run => run.Plan.SpecFile, StringComparer.Ordinal)];
        foreach (IGrouping<string, PlannedRun> spec in specs)
        {
            List<string> runIds = [];
            foreach (PlannedRun run in spec)
            {
                (string id, RunState state) = await session.Run(
                    ledger,
                    run,
                    fresh && !finished.Contains(run.Plan.Fingerprint),
                    cancellation
                );
                runIds.Add(id);
                exitCode = Worse(exitCode, state);
                if (state == RunState.Interrupted)
                {
                    break;
                }
            }

            string name = spec.First().Plan.Spec.Name;
            bool isInterrupted = exitCode == Failure.Interrupted;
            bool isLast = spec == specs[^1];
            (string? page, IReadOnlyList<RecordedRun> runs) = pages.After(name, runIds, isInterrupted, isLast);
            ResultText.Print(name, runs, page, parsed.GetValue(Json));
            if (isInterrupted)
            {
                break;
            }
        }

        return exitCode;
    }

    private static int Worse(int exitCode, RunState state) =>
        state switch
        {
            RunState.Interrupted => Failure.Interrupted,
            RunState.Failed => Failure.Found,
            RunState.Finished or RunState.Running => exitCode,
            _ => throw new UnreachableException($"unknown: {state}"),
        };

    private static void WriteDependencies(string? path, IReadOnlyList<SpecFile> files)
    {
        if (path is not null)
        {
            AtomicFile.Write(
                path,
                string.Concat(
                    files.SelectMany(file => file.Files).Distinct(StringComparer.Ordinal).Select(file => file + "\n")
                )
            );
        }
    }
}
