using BreakHis.Audit;
using BreakHis.Audit.Differences;
using BreakHis.Audit.Inputs;
using BreakHis.Audit.Rerun;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Tool.Terminal;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>
/// Reruns recorded runs and compares the results with the record. Each rerun uses another process, a temporary folder
/// and its own home folder. It writes none of the user's cache and run folders, and reads from them only the weights that
/// another run kept, if the spec names that run.
/// </summary>
/// <param name="place">The locations of images, weights and the repository.</param>
/// <param name="trust">Whether the user trusts recorded code.</param>
/// <param name="note">Notes a rerun of a run.</param>
internal sealed class AuditRerun(AuditPlace place, CodeTrust trust, Action<RecordedRun, RerunNote> note)
{
    /// <summary>Reruns a run and returns the checks.</summary>
    /// <param name="cancellation">Stops the rerun. The temporary folder is deleted in any case.</param>
    public async Task<IReadOnlyList<AuditEntry>> Of(RecordedRun run, CancellationToken cancellation)
    {
        string id = run.Summary.Id;
        if (run.Summary.State != RunState.Finished)
        {
            return [RerunChecks.NotRerun(id, "the run has not finished, so there is no result to compare with")];
        }

        try
        {
            StandardStreams.Error.WriteLine($"rerunning {id}; when it was recorded, it took {Duration(run)}");
            return await InFolder(run, code => Checks(run, code, cancellation));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return [NotRun(run, $"it could not be rerun: {e.Message}")];
        }
    }

    private async Task<IReadOnlyList<AuditEntry>> Checks(
        RecordedRun run,
        RecordedCode code,
        CancellationToken cancellation
    )
    {
        AuditTool tool = await AuditTool.Of(run, code, trust, cancellation);

        // Code that is not believed could have left links, settings and remembered hashes.
        return tool.LeftFiles
            ? await InFolder(run, clean => Checks(run, clean, tool, cancellation))
            : await Checks(run, code, tool, cancellation);
    }

    /// <summary>Checks out the code of a run into a new folder, and deletes it afterwards.</summary>
    private async Task<IReadOnlyList<AuditEntry>> InFolder(
        RecordedRun run,
        Func<RecordedCode, Task<IReadOnlyList<AuditEntry>>> work
    )
    {
        var code = RecordedCode.CheckOut(run, place.Folder);
        try
        {
            return await work(code);
        }
        finally
        {
            if (!code.Delete())
            {
                StandardStreams.Error.WriteLine($"warning: {code.Folder} cannot be deleted; delete it yourself");
            }
        }
    }

    private async Task<IReadOnlyList<AuditEntry>> Checks(
        RecordedRun run,
        RecordedCode code,
        AuditTool tool,
        CancellationToken cancellation
    )
    {
        string id = run.Summary.Id;
        AuditEntry with = RerunChecks.Tool(id, tool.AsThen, tool.Says);
        (Outcome? again, string why) = await Again(run, code, tool, cancellation);
        if (again is null)
        {
            return [with, NotRun(run, why)];
        }

        var difference = FirstDifference.Between(run, place.Home.Run(id), again.Run, again.Folder);
        note(
            run,
            tool.CameWithRecord && difference is null
                ? RerunNote.Without("the code that reran it came with the record")
                : RerunNote.Of(again.Run, difference)
        );
        AuditEntry[] compared = [with, .. RerunChecks.Of(run, again.Run, difference, tool.CameWithRecord)];
        return difference is null ? compared : [.. compared, .. await Repeat(run, again, code, tool, cancellation)];
    }

    private AuditEntry NotRun(RecordedRun run, string why)
    {
        note(run, RerunNote.Without(why));
        return RerunChecks.NotRerun(run.Summary.Id, why);
    }

    private async Task<AuditEntry[]> Repeat(
        RecordedRun run,
        Outcome first,
        RecordedCode code,
        AuditTool tool,
        CancellationToken cancellation
    )
    {
        StandardStreams.Error.WriteLine(
            $"not reproduced; rerunning {run.Summary.Id} once more to see whether the difference is random"
        );
        (Outcome? second, _) = await Again(run, code, tool, cancellation);
        return second is null
            ? []
            :
            [
                RerunChecks.Repeat(
                    run.Summary.Id,
                    FirstDifference.Between(first.Run, first.Folder, second.Run, second.Folder)
                ),
            ];
    }

    private async Task<(Outcome? Again, string Why)> Again(
        RecordedRun run,
        RecordedCode code,
        AuditTool tool,
        CancellationToken cancellation
    )
    {
        var home = new HomeFolder(Path.Combine(code.Folder, $"home-{Guid.NewGuid():N}"));
        string spec = Path.Combine(code.Folder, "recorded.yaml");
        AtomicFile.Write(spec, RerunSpec.Of(run, place));
        (int exitCode, string said) = await AuditProcess.Run(
            code.Work,
            AuditProcess.Host,
            [
                .. tool.Arguments,
                "run",
                spec,
                "--fresh",
                "--device",
                run.Device(),
                "--home",
                home.Path,
                "--report",
                Path.Combine(code.Folder, "report.html"),
                .. IsTraced(run) ? (string[])["--trace"] : [],
            ],
            tool.Within,
            cancellation
        );
        if (exitCode != 0)
        {
            return (null, Invariant($"the rerun ended with exit code {exitCode}: {said}"));
        }

        if (new DirectoryInfo(home.Path).LinkTarget is not null)
        {
            return (null, "the rerun replaced its home folder by a link");
        }

        try
        {
            // Opened for writing because an older tool leaves an older ledger, which must be upgraded.
            using var ledger = LedgerDatabase.Open(home.Ledger);
            RecordedRun again = ledger.Load(ledger.ResolveRun("@1"));
            return (new Outcome(again, home.Run(again.Summary.Id)), "");
        }
        catch (LedgerException e)
        {
            return (null, $"the rerun's record cannot be read: {e.Message}");
        }
    }

    /// <summary>The time of all epochs and pauses, so that the user can stop a rerun that takes too long.</summary>
    private static string Duration(RecordedRun run) =>
        LedgerText.TimeOf(run.Summary.StartedAt) is { } start && LedgerText.TimeOf(run.Summary.EndedAt) is { } end
            ? NumberFormat.Duration((end - start).TotalSeconds)
            : "an unknown time";

    private static bool IsTraced(RecordedRun run) =>
        run.Stages.Any(stage => run.Artifacts.Any(artifact => artifact.Path == RunFolder.Trace(stage.Name)));

    /// <summary>The result of a rerun.</summary>
    /// <param name="Run">Its record.</param>
    /// <param name="Folder">Its files.</param>
    private sealed record Outcome(RecordedRun Run, RunFolder Folder);
}
