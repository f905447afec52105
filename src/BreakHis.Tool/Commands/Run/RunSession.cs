using System.Runtime.InteropServices;
using BreakHis.Data;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Plans;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Runs;
using BreakHis.SecretSearch;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using BreakHis.Training.Stages;
using BreakHis.Training.Weights;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Run;

/// <summary>Options for executing runs.</summary>
/// <param name="Fresh">Whether to run again even if the ledger already has the result.</param>
/// <param name="Quiet">Whether to hide progress.</param>
/// <param name="Traced">Whether to write a trace of each training step.</param>
/// <param name="RecordUntracked">Whether to record the contents of all untracked files, not only of code.</param>
/// <param name="AcceptImported">Whether runs that were not made here are taken as done, and resumed.</param>
/// <param name="CommandLine">The command line, for the record.</param>
internal sealed record RunOptions(
    bool Fresh,
    bool Quiet,
    CheckpointInterval CheckpointInterval,
    bool Traced,
    bool RecordUntracked,
    bool AcceptImported,
    IReadOnlyList<string> CommandLine
);

/// <summary>Executes plans in this process. Each event goes to the ledger first, and then to the screen.</summary>
internal sealed class RunSession(HomeFolder home, RunOptions options)
{
    private const int MostClasses = 20;

    /// <summary>The home folder.</summary>
    public HomeFolder Home => home;

    /// <summary>
    /// Runs a plan, unless the ledger has its fingerprint. Resumes an interrupted run of the plan. If another process
    /// runs the same plan, waits for it to end.
    /// </summary>
    /// <param name="fresh">Whether to run again even if the ledger already has the result.</param>
    /// <returns>The run, new or found, and its state.</returns>
    public async Task<(string Id, RunState State)> Run(
        LedgerDatabase ledger,
        PlannedRun run,
        bool fresh,
        CancellationToken cancellation
    )
    {
        Plan plan = run.Plan;
        using FileLock alone = await FileLock.Take(
            home.LockOf(plan.Fingerprint),
            () => Say($"{Title(plan)}: another process is running this plan; waiting for it to end"),
            cancellation
        );
        foreach (string warning in PlanNotes.Warnings(run.Checks, Title(plan)))
        {
            // Also with --quiet, and if the ledger has the result: it is worth less than it seems.
            StandardStreams.Error.WriteLine(warning);
        }

        if (!fresh && Own(ledger, plan, ledger.FindFinished(plan.Fingerprint)) is { } done)
        {
            (string known, string name) = (done.Summary.Id, done.Summary.Name);
            ledger.CatchUp(known);
            string under = name == plan.Spec.Name ? "" : $", under the name {name}";
            NoteAnswer(ledger, known, name, plan.Spec.Name);
            RunFolder folder = home.Run(known);
            string lost = done.Artifacts.Any(artifact => !File.Exists(folder.File(artifact.Path)))
                ? ", but files that it kept are missing"
                : "";
            if (done.EditedRecords.Count > 0)
            {
                StandardStreams.Error.WriteLine($"warning: run {known} counts as done, but {Edited(done)}");
            }

            string hint = options.Fresh ? "the interrupted command had finished it" : "use --fresh to run it again";
            Say($"{Title(plan)}: already in the ledger as {known}{under}{lost}; {hint}");
            return (known, RunState.Finished);
        }

        RecordedRun? unfinished = Own(
            ledger,
            plan,
            fresh ? ledger.FindInterrupted(plan.Fingerprint) : ledger.FindUnfinished(plan.Fingerprint)
        );
        (string id, ResumePoint? from) = unfinished is null ? Begin(ledger, run) : Resume(ledger, plan, unfinished);
        foreach (string note in PlanNotes.Of(plan, run.Checks))
        {
            Say(note);
        }

        RunState state = await Drive(ledger, id, run, from, cancellation);
        return (id, state);
    }

    /// <summary>Returns the first of some runs that this session may continue with or take as done, or null.</summary>
    private RecordedRun? Own(LedgerDatabase ledger, Plan plan, IReadOnlyList<string> runs)
    {
        string[] own = [.. runs.Where(id => options.AcceptImported || ledger.IsMadeHere(id))];
        if (own.Length == 0 && runs is [string other, ..])
        {
            Say(
                $"{Title(plan)}: run {other} of this plan was not made here, so it does not count; "
                    + (
                        ledger.IsOwn
                            ? "--accept-imported accepts it"
                            : "another account began this ledger: 'dotnet breakhis ledger adopt' makes it yours, and --accept-imported accepts the run"
                    )
            );
        }

        return ReadableRuns.Load(ledger, own).FirstOrDefault();
    }

    /// <summary>Notes that a run answers a spec with another name, so that the name leads to the run.</summary>
    private static void NoteAnswer(LedgerDatabase ledger, string id, string name, string spec)
    {
        bool isKnown =
            name == spec
            || ledger
                .Notes(id)
                .Any(note =>
                    note.Kind == LedgerNote.Answered && note.Entries.GetValueOrDefault(LedgerNote.Spec) == spec
                );
        if (!isKnown)
        {
            ledger.Note(id, LedgerNote.Answered, DateTimeOffset.UtcNow, (LedgerNote.Spec, spec));
        }
    }

    private (string Id, ResumePoint? From) Begin(LedgerDatabase ledger, PlannedRun run)
    {
        Plan plan = run.Plan;
        CodeState code = RunProvenance.Code(plan, home, options.RecordUntracked);
        string id = ledger.Begin(
            new NewRun(
                plan,
                CanonicalForm.Of(plan.Spec),
                PlanJson.Of(plan).ToString(),
                RunProvenance.Gather(plan, code, options.CommandLine),
                run.Checks,
                RunProcess.Current,
                DateTimeOffset.UtcNow
            )
        );
        Say($"{Title(plan)}: run {id}");
        if (plan.Software.TryGetValue(SoftwareNames.Gpu, out string? card))
        {
            Say($"device: {card}");
        }

        Say($"classes: {Listing.Words(plan.Data.Classes, MostClasses)}");
        foreach (string note in code.Notes)
        {
            // Also with --quiet: what the record lacks cannot be added later.
            StandardStreams.Error.WriteLine($"note: {note}");
        }

        return (id, null);
    }

    private (string Id, ResumePoint? From) Resume(LedgerDatabase ledger, Plan plan, RecordedRun run)
    {
        string id = run.Summary.Id;
        if (run.EditedRecords.Count > 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"run {id} cannot be resumed: {Edited(run)}; --fresh runs the spec again"
            );
        }

        var resumption = Resumption.Of(run, home.Run(id), [.. plan.Stages.Select(stage => stage.Name)]);
        ledger.Resume(id, RunProcess.Current, DateTimeOffset.UtcNow);
        foreach (string damaged in resumption.Damaged)
        {
            Say($"note: {damaged}; resuming from an earlier point");
        }

        Say($"{Title(plan)}: run {id} resumes {Place(resumption.From)}");
        return (id, resumption.From);
    }

    private static string Edited(RecordedRun run) =>
        $"{run.EditedInWords()} {Plural.Word(run.EditedRecords.Count, "is", "are")} not as recorded ('dotnet breakhis audit {run.Summary.Id}' names the values)";

    private static string Place(ResumePoint? from) =>
        from switch
        {
            { Checkpoint: { Step: 0 } at } => Invariant($"after epoch {at.Epoch} of {at.Stage}"),
            { Checkpoint: { } at } => Invariant($"in epoch {at.Epoch + 1} of {at.Stage}, after step {at.Step}"),
            { Stage: string stage } => $"at the beginning of {stage}",
            _ => "at its end: all stages have ended",
        };

    private async Task<RunState> Drive(
        LedgerDatabase ledger,
        string id,
        PlannedRun run,
        ResumePoint? from,
        CancellationToken cancellation
    )
    {
        Execute execute = Execution.In(
            new RunContext(home, home.Run(id), run.Pictures, options.CheckpointInterval)
            {
                Traced = options.Traced,
                RecordedFeatures = ledger.FindFeatures,
                Warn = text => StandardStreams.Error.WriteLine($"warning: {text}"),
            }
        );
        try
        {
            if (options.Quiet)
            {
                await Record(_ => { });
            }
            else
            {
                await ProgressView.Show(run.Plan, Record);
            }

            return RunState.Finished;
        }
        catch (OperationCanceledException)
        {
            ledger.Finish(id, RunState.Interrupted, "interrupted by the user", DateTimeOffset.UtcNow);
            Say($"{Title(run.Plan)}: interrupted; run the same command again to resume");
            return RunState.Interrupted;
        }
        catch (LedgerException e) when (e.Fault != LedgerFault.Contradicted)
        {
            throw new RunStoppedException($"run {id} stopped; run the same command again to resume: {e.Message}", e);
        }
        catch (Exception e) when (CodeOf(e) is string code)
        {
            // Reported first, because the ledger may fail too, for example if the disk is full.
            Failure.Say(code, $"run {id}: {e.Message}");
            ledger.Finish(id, RunState.Failed, Secrets.Shown(e.Message), DateTimeOffset.UtcNow);
            return RunState.Failed;
        }
        catch (Exception e)
        {
            ledger.Finish(
                id,
                RunState.Failed,
                Secrets.Shown($"{e.GetType().Name}: {e.Message}"),
                DateTimeOffset.UtcNow
            );
            throw;
        }

        async Task Record(Action<RunEvent> show)
        {
            await foreach (RunEvent e in execute(run.Plan, from, cancellation))
            {
                ledger.Record(id, e, DateTimeOffset.UtcNow);
                show(e);
            }

            ledger.Finish(id, RunState.Finished, null, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>
    /// The code of an error that ends one run but not the others; null for a fault of the tool or the ledger.
    /// </summary>
    private static string? CodeOf(Exception e) =>
        e switch
        {
            DataException => ProblemCodes.Data,
            LedgerException { Fault: LedgerFault.Contradicted } => ProblemCodes.NotReproduced,
            WeightsException => ProblemCodes.Weights,
            // libtorch reports its own errors, such as out of memory, as ExternalException.
            TrainingException or ExternalException => ProblemCodes.Training,
            IOException or UnauthorizedAccessException => ProblemCodes.FileAccess,
            _ => null,
        };

    private static string Title(Plan plan)
    {
        string choices = string.Concat(plan.Choices.Select(choice => $" {choice.Path}={choice.Value}"));
        return Invariant($"{plan.Spec.Name} seed {plan.Seed}{choices}");
    }

    private void Say(string line)
    {
        if (!options.Quiet)
        {
            StandardStreams.Error.WriteLine(line);
        }
    }
}
