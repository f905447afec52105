using System.Runtime.InteropServices;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using BreakHis.Training.Stages;
using BreakHis.Training.Weights;

namespace BreakHis.Tool.Commands;

/// <summary>Executes plans here, each event to the ledger first and then to the screen.</summary>
internal sealed class RunSession(HomeFolder home, bool fresh, bool quiet, IReadOnlyList<string> commandLine)
{
    /// <summary>The home folder.</summary>
    public HomeFolder Home => home;

    /// <summary>Runs a plan, unless the ledger has its fingerprint.</summary>
    /// <returns>The run, new or found, and where it stands.</returns>
    public async Task<(string Id, RunState State)> Run(
        LedgerDatabase ledger,
        PlannedRun run,
        CancellationToken cancellation
    )
    {
        Plan plan = run.Plan;
        if (!fresh && ledger.FindFinished(plan.Fingerprint) is string known)
        {
            string name = ledger.Load(known).Line.Name;
            string under = name == plan.Spec.Name ? "" : $", under the name {name}";
            Say($"{Title(plan)}: already in the ledger as {known}{under}; --fresh runs it anew");
            return (known, RunState.Finished);
        }

        string id = ledger.Begin(
            new NewRun(
                plan,
                CanonicalForm.Of(plan.Spec),
                PlanJson.Of(plan).ToString(),
                RunProvenance.Gather(plan, home, commandLine),
                RunProcess.Current,
                DateTimeOffset.UtcNow
            )
        );
        Say($"{Title(plan)}: run {id}");
        foreach (string note in PlanNotes.Of(plan))
        {
            Say($"note: {note}");
        }

        RunState state = await Drive(ledger, id, run, cancellation);
        return (id, state);
    }

    private async Task<RunState> Drive(LedgerDatabase ledger, string id, PlannedRun run, CancellationToken cancellation)
    {
        Execute execute = Execution.In(new RunPlace(home, home.Run(id), run.Pictures));
        try
        {
            if (quiet)
            {
                await Record(_ => { });
            }
            else
            {
                await ProgressView.Show(Screen.Error, run.Plan, Record);
            }

            return RunState.Finished;
        }
        catch (OperationCanceledException)
        {
            ledger.Finish(id, RunState.Interrupted, "interrupted by the user", DateTimeOffset.UtcNow);
            Say($"{Title(run.Plan)}: interrupted; the epochs that had ended are kept");
            return RunState.Interrupted;
        }
        catch (Exception e) when (CodeOf(e) is string code)
        {
            ledger.Finish(id, RunState.Failed, e.Message, DateTimeOffset.UtcNow);
            Failure.Say(code, $"run {id}: {e.Message}");
            return RunState.Failed;
        }
        catch (Exception e) when (e is not LedgerException)
        {
            ledger.Finish(id, RunState.Failed, $"{e.GetType().Name}: {e.Message}", DateTimeOffset.UtcNow);
            throw;
        }

        async Task Record(Action<RunEvent> show)
        {
            await foreach (RunEvent e in execute(run.Plan, cancellation))
            {
                ledger.Record(id, e, DateTimeOffset.UtcNow);
                show(e);
            }

            ledger.Finish(id, RunState.Finished, null, DateTimeOffset.UtcNow);
        }
    }

    /// <summary>The code of an error that ends one run and lets others go on; null for a fault of the tool or the ledger.</summary>
    private static string? CodeOf(Exception e) =>
        e switch
        {
            DataException => ProblemCodes.Data,
            WeightsException => ProblemCodes.Weights,
            // ExternalException is how libtorch tells of its own, such as memory that is used up.
            TrainingException or ExternalException => ProblemCodes.Training,
            IOException or UnauthorizedAccessException => ProblemCodes.FileAccess,
            _ => null,
        };

    private static string Title(Plan plan)
    {
        string choices = string.Concat(plan.Choices.Select(choice => $" {choice.Path}={choice.Value}"));
        return FormattableString.Invariant($"{plan.Spec.Name} seed {plan.Seed}{choices}");
    }

    private void Say(string line)
    {
        if (!quiet)
        {
            Screen.Error.Profile.Out.Writer.WriteLine(line);
        }
    }
}
