using System.Collections.Concurrent;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>
/// The ledger: what was run, on what, and what came out, in one SQLite file. Several processes may have it open at once,
/// each with an instance of its own; an instance is used by one thread at a time.
/// </summary>
internal sealed class LedgerDatabase : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Predictions of stages that have not ended, a list a run; they are written when the stage ends.
    private readonly ConcurrentDictionary<string, List<ImagePredicted>> _predictions = [];

    private LedgerDatabase(string path, SqliteConnection connection) =>
        (Path, Home, Connection) = (path, new HomeFolder(System.IO.Path.GetDirectoryName(path)!), connection);

    /// <summary>The absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>The folder it lies in, with the run folders beside it.</summary>
    public HomeFolder Home { get; }

    internal SqliteConnection Connection { get; }

    /// <summary>Opens a ledger for writing; makes folder and file where they are not there.</summary>
    /// <exception cref="LedgerException">It cannot be opened; the file is left as it was.</exception>
    public static LedgerDatabase Open(string path) => Open(path, Patience);

    /// <summary>Opens a ledger for reading; makes nothing, and works in a folder that cannot be written.</summary>
    /// <exception cref="LedgerException">There is none, or it cannot be opened.</exception>
    public static LedgerDatabase OpenForReading(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        return new LedgerDatabase(path, LedgerConnection.ForReading(path, Patience));
    }

    internal static LedgerDatabase Open(string path, TimeSpan patience)
    {
        path = System.IO.Path.GetFullPath(path);
        (SqliteConnection connection, long before) = LedgerConnection.ForWriting(path, patience);
        var ledger = new LedgerDatabase(path, connection);
        if (before == 1)
        {
            ledger.CatchUpAll();
        }

        return ledger;
    }

    /// <summary>Writes all that is known of a run before its first step, all or nothing.</summary>
    /// <returns>The run's id.</returns>
    /// <exception cref="LedgerException">It could not be written.</exception>
    public string Begin(NewRun run)
    {
        RequireOwnRecords();
        string id = Translated(() => RunWriter.Begin(Connection, run));
        CatchUp(id);
        return id;
    }

    /// <summary>
    /// Writes an event, on disk when this returns. Predictions wait for the end of their stage and are written with it;
    /// progress is not written, and the end of the run is <see cref="Finish"/>'s. What a run that goes on does again is
    /// compared with what is recorded of it, times aside, and not written twice.
    /// </summary>
    /// <exception cref="LedgerException">It could not be written, or is recorded otherwise; the run must stop.</exception>
    public void Record(string runId, RunEvent runEvent, DateTimeOffset now)
    {
        if (runEvent is ImagePredicted prediction)
        {
            PredictionsOf(runId).Add(prediction);
            return;
        }

        if (Translated(() => RunWriter.Record(Connection, runId, runEvent, PredictionsOf(runId), now)))
        {
            CatchUp(runId);
        }

        if (runEvent is StageEnded)
        {
            _predictions.TryRemove(runId, out _);
        }
    }

    /// <summary>Writes that a process goes on with a run that has not finished.</summary>
    /// <param name="runId">The run; no other process works on it.</param>
    /// <exception cref="LedgerException">It could not be written, or the run has finished.</exception>
    public void Resume(string runId, RunProcess process, DateTimeOffset now)
    {
        Translated(() => RunWriter.Resume(Connection, runId, process, now));
        CatchUp(runId);
    }

    /// <summary>Writes how a run ended.</summary>
    /// <param name="runId">The run, which is running.</param>
    /// <param name="state">Not <see cref="RunState.Running"/>.</param>
    /// <param name="failure">Why it failed, in one line; null unless it failed or was interrupted.</param>
    /// <exception cref="LedgerException">It could not be written, or the run has ended already.</exception>
    public void Finish(string runId, RunState state, string? failure, DateTimeOffset now)
    {
        if (state == RunState.Finished && PredictionsOf(runId).Count > 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"run {runId} has predictions for a stage that has not ended, so it cannot finish"
            );
        }

        Translated(() => RunWriter.Finish(Connection, runId, state, failure, now));
        _predictions.TryRemove(runId, out _);
        CatchUp(runId);
    }

    /// <summary>Writes a record about a run that has begun, or about the ledger, in the run's or the ledger's own chain.</summary>
    /// <param name="chain">The run's id, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <param name="kind">What happened: a word of lower-case letters, digits and _, such as reran.</param>
    /// <param name="now">The time; it becomes the entry <see cref="LedgerNote.At"/>.</param>
    /// <param name="entries">Names and values; each name once.</param>
    /// <exception cref="LedgerException">It could not be written, or there is no such run.</exception>
    public void Note(
        string chain,
        string kind,
        DateTimeOffset now,
        params IEnumerable<(string Name, string Value)> entries
    )
    {
        RequireOwnRecords();
        Translated(() => NoteStore.Write(Connection, chain, kind, entries, now));
        CatchUp(chain);
    }

    /// <summary>The notes about a run, or about the ledger, in order.</summary>
    /// <param name="chain">The run's id, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public IReadOnlyList<LedgerNote> Notes(string chain) => Translated(() => NoteStore.Of(Connection, chain));

    /// <summary>The end of the ledger's chain.</summary>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public LedgerHead Head() =>
        Translated(() =>
            RecordChain.Last(Connection) is { } last
                ? new LedgerHead(RecordChain.LedgerId(Connection), last.Number, last.Head)
                : new LedgerHead(null, 0, RecordLine.None)
        );

    /// <summary>
    /// Adds to the run's record file what it lacks, as a process that was killed leaves it. Whatever is written to the run
    /// does this too.
    /// </summary>
    /// <param name="chain">The run's id, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <exception cref="LedgerException">The file cannot be written, or holds what the ledger has not.</exception>
    public void CatchUp(string chain) =>
        Translated(() =>
        {
            RecordFile.CatchUp(Connection, Home, chain);

            // The ledger's first record is written with its first run.
            if (chain != LedgerNote.Ledger && !RecordFile.IsWhole(Home.LedgerRecords))
            {
                RecordFile.CatchUp(Connection, Home, LedgerNote.Ledger);
            }
        });

    /// <summary>Does so for all runs and the ledger's own records.</summary>
    /// <exception cref="LedgerException">A file cannot be written, or holds what the ledger has not.</exception>
    public void CatchUpAll()
    {
        foreach (string chain in Translated(() => RecordChain.Names(Connection)))
        {
            CatchUp(chain);
        }
    }

    /// <summary>Runs, newest first.</summary>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public IReadOnlyList<RunSummary> List(RunFilter filter) => Translated(() => RunReader.List(Connection, filter));

    /// <summary>A run with all that the ledger holds of it.</summary>
    /// <exception cref="LedgerException">There is no such run, or the ledger could not be read.</exception>
    public RecordedRun Load(string id) => Translated(() => RunReader.Load(Connection, id));

    /// <summary>The id of the run that is meant by an id, a unique prefix of one, @1 (the last; @2 the one before) or a spec's name (its last run).</summary>
    /// <param name="reference">What the user typed.</param>
    /// <exception cref="LedgerException">No run is meant, or more than one.</exception>
    public string ResolveRun(string reference) => Translated(() => RunReference.Resolve(Connection, reference));

    /// <summary>The last finished run of a plan, or null.</summary>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public string? FindFinished(string fingerprint) =>
        Translated(() => RunReader.Find(Connection, fingerprint, finished: true));

    /// <summary>The last run of a plan that has begun and not finished, or null.</summary>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public string? FindUnfinished(string fingerprint) =>
        Translated(() => RunReader.Find(Connection, fingerprint, finished: false));

    /// <summary>The other finished runs of a run's experiment: same settings, images, split, weights, seed and device.</summary>
    /// <exception cref="LedgerException">The ledger could not be read.</exception>
    public IReadOnlyList<string> FindAlike(string id) => Translated(() => RunReader.FindAlike(Connection, id));

    /// <summary>Whether an empty ledger is not begun beside the records of another, whose file was deleted or lost.</summary>
    /// <exception cref="LedgerException">It would be.</exception>
    internal void RequireOwnRecords()
    {
        if (File.Exists(Home.LedgerRecords) && Head().Records == 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"{Home.Runs} contains the records of a missing ledger; rebuild it with 'dotnet breakhis ledger rebuild', or move that folder away to start a new ledger"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    private List<ImagePredicted> PredictionsOf(string runId) => _predictions.GetOrAdd(runId, _ => []);

    private T Translated<T>(Func<T> work) => SqliteFaults.Translated(Path, work);

    private void Translated(Action work) => SqliteFaults.Translated(Path, work);
}
