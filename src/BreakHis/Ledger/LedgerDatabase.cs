using System.Collections.Concurrent;
using BreakHis.Files;
using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Processes;
using BreakHis.Runs;
using Microsoft.Data.Sqlite;

namespace BreakHis.Ledger;

/// <summary>
/// The ledger: all runs with their origins and results, in one SQLite file. Several processes can have it open at once,
/// each with its own instance. An instance is not thread-safe.
/// </summary>
internal sealed partial class LedgerDatabase : IDisposable
{
    /// <summary>How long to wait for other processes.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // Predictions of stages that have not ended, one list per run; they are written when the stage ends.
    private readonly ConcurrentDictionary<string, List<ImagePredicted>> _predictions = [];

    private readonly LedgerCopy? _copy;
    private readonly (ulong, ulong)? _file;
    private FileLock? _shared;
    private readonly Lazy<IReadOnlySet<string>> _hidden;
    private readonly Lazy<bool> _isIntact;
    private bool _isComplete;

    private LedgerDatabase(string path, SqliteConnection connection, LedgerCopy? copy = null, bool showsAll = false)
    {
        (Path, Home, Connection, _copy) = (
            path,
            new HomeFolder(System.IO.Path.GetDirectoryName(path)!),
            connection,
            copy
        );
        _file = FileKind.Identity(path);
        _isIntact = new(() => EditedRecords.Of(Connection, LedgerNote.Ledger).Count == 0);
        _hidden = new(() =>
            showsAll
                ? new HashSet<string>(StringComparer.Ordinal)
                : new Quarantine(Home.Quarantine).Ids().ToHashSet(StringComparer.Ordinal)
        );
    }

    /// <summary>The absolute path of the file.</summary>
    public string Path { get; }

    /// <summary>The ledger's folder, which also contains the run folders.</summary>
    public HomeFolder Home { get; }

    internal SqliteConnection Connection { get; }

    /// <summary>
    /// Whether this account began or adopted the ledger, and its own records, which say what was imported, are as they
    /// were recorded; also if it has no records yet. One that has records but no ID is somebody else's.
    /// </summary>
    public bool IsOwn =>
        Head() is var head
        && (head.Records == 0 || (head.Id is string id && OwnLedgers.OfAccount.Has(id) && _isIntact.Value));

    /// <summary>Opens a ledger for writing. Creates folder and file if they do not exist.</summary>
    /// <exception cref="LedgerException">The ledger cannot be opened; the file is unchanged.</exception>
    public static LedgerDatabase Open(string path)
    {
        LostRecords.RequireLedger(path);
        FileLock shared = LedgerLock.Shared(System.IO.Path.GetFullPath(path));
        try
        {
            LedgerDatabase ledger = Open(path, Patience);
            ledger._shared = shared;
            return ledger;
        }
        catch
        {
            shared.Dispose();
            throw;
        }
    }

    /// <summary>Opens a ledger for reading. Creates nothing, and works in a read-only folder.</summary>
    /// <exception cref="LedgerException">The ledger does not exist or cannot be opened.</exception>
    public static LedgerDatabase OpenForReading(string path) =>
        ToRead(path, LedgerConnection.ForReading, showsAll: false);

    /// <summary>
    /// Opens a copy of a ledger, so that nothing in its folder changes. Anything but its tables may differ from this tool's
    /// schema, and runs in quarantine are listed like others.
    /// </summary>
    /// <exception cref="LedgerException">The ledger does not exist or cannot be opened.</exception>
    public static LedgerDatabase OpenForAudit(string path) => ToRead(path, LedgerConnection.ForAudit, showsAll: true);

    private static LedgerDatabase ToRead(
        string path,
        Func<string, TimeSpan, (SqliteConnection Connection, LedgerCopy? Copy)> open,
        bool showsAll
    )
    {
        LostRecords.RequireLedger(path);
        path = System.IO.Path.GetFullPath(path);
        (SqliteConnection connection, LedgerCopy? copy) = open(path, Patience);
        var ledger = new LedgerDatabase(path, connection, copy, showsAll);
        try
        {
            ledger.RequireOwnRecords();
            return ledger;
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    internal static LedgerDatabase Open(string path, TimeSpan patience, bool anySchema = false)
    {
        path = System.IO.Path.GetFullPath(path);
        (SqliteConnection connection, long before) = LedgerConnection.ForWriting(path, patience, anySchema);
        var ledger = new LedgerDatabase(path, connection);
        if (before == 1)
        {
            ledger.CatchUpAll();
        }

        return ledger;
    }

    /// <summary>Writes everything known about a run before its first step, in one transaction.</summary>
    /// <returns>The run's ID.</returns>
    /// <exception cref="LedgerException">The write failed.</exception>
    public string Begin(NewRun run)
    {
        RequireComplete();
        string? ledger = IdIfNew();
        string id = Translated(() => RunWriter.Begin(Connection, run, ledger));
        CatchUp(id);
        return id;
    }

    /// <summary>
    /// Writes an event to disk before it returns. Predictions are written at the end of their stage; progress is not
    /// written, and <see cref="Finish"/> writes the end of the run. Events that a resumed run repeats are compared with
    /// their records, except for times, and are not written twice.
    /// </summary>
    /// <exception cref="LedgerException">The write failed, or the event differs from its record; the run must
    /// stop.</exception>
    public void Record(string runId, RunEvent runEvent, DateTimeOffset now)
    {
        if (runEvent is ImagePredicted prediction)
        {
            PredictionsOf(runId).Add(prediction);
            return;
        }

        RequirePresent();
        if (Translated(() => RunWriter.Record(Connection, runId, runEvent, PredictionsOf(runId), now)))
        {
            CatchUp(runId);
        }

        if (runEvent is StageEnded)
        {
            _predictions.TryRemove(runId, out _);
        }
    }

    /// <summary>Records that a process resumes an unfinished run.</summary>
    /// <param name="runId">The run; no other process works on it.</param>
    /// <exception cref="LedgerException">The write failed, or the run is already finished.</exception>
    public void Resume(string runId, RunProcess process, DateTimeOffset now)
    {
        RequireComplete();
        Translated(() => RunWriter.Resume(Connection, runId, process, now));
        CatchUp(runId);
    }

    /// <summary>Records how a run ended.</summary>
    /// <param name="runId">The run, which is running.</param>
    /// <param name="state">Any state except <see cref="RunState.Running"/>.</param>
    /// <param name="failure">The reason on one line; null unless the run failed or was interrupted.</param>
    /// <exception cref="LedgerException">The write failed, or the run has already ended.</exception>
    public void Finish(string runId, RunState state, string? failure, DateTimeOffset now)
    {
        if (state == RunState.Finished && PredictionsOf(runId).Count > 0)
        {
            throw new LedgerException(
                LedgerFault.Refused,
                $"run {runId} has predictions for a stage that has not ended, so it cannot finish"
            );
        }

        RequirePresent();
        Translated(() => RunWriter.Finish(Connection, runId, state, failure, now));
        _predictions.TryRemove(runId, out _);
        CatchUp(runId);
    }

    /// <summary>Writes a note about an existing run, or about the ledger, to the corresponding chain.</summary>
    /// <param name="chain">The run's ID, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <param name="kind">The kind of note: lower-case letters, digits and _, such as reran.</param>
    /// <param name="now">The current time, stored as the entry <see cref="LedgerNote.At"/>.</param>
    /// <param name="entries">Names and values; names must be unique.</param>
    /// <exception cref="LedgerException">The write failed, or the run does not exist.</exception>
    public void Note(
        string chain,
        string kind,
        DateTimeOffset now,
        params IEnumerable<(string Name, string Value)> entries
    )
    {
        RequireComplete();
        string? ledger = IdIfNew();
        Translated(() => NoteStore.Write(Connection, ledger, chain, kind, entries, now));
        CatchUp(chain);
    }

    /// <summary>
    /// Appends lines that a killed process left out of the run's record file. Every write to the run does this too.
    /// </summary>
    /// <param name="chain">The run's ID, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <exception cref="LedgerException">The file cannot be written, or contains records that the ledger does not
    /// have.</exception>
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

    /// <summary>Does the same for all runs and for the ledger's own records.</summary>
    /// <exception cref="LedgerException">A file cannot be written, or contains records that the ledger does not
    /// have.</exception>
    public void CatchUpAll()
    {
        foreach (string chain in Translated(() => RecordChain.Names(Connection)))
        {
            CatchUp(chain);
        }
    }

    /// <summary>Prevents an empty ledger from starting next to the records of a deleted or lost one.</summary>
    /// <exception cref="LedgerException">The ledger is empty, but the folder has records.</exception>
    internal void RequireOwnRecords() => LostRecords.RequireRecords(Home, Head().Records);

    /// <summary>
    /// Returns the ID for the first record if the ledger has none yet, and lists the ledger as this account's own. It is
    /// listed before it begins: a ledger of a process that is killed in between must not become somebody else's.
    /// </summary>
    internal string? IdIfNew()
    {
        if (Head().Records > 0)
        {
            return null;
        }

        string id = RecordChain.NewLedgerId();
        OwnLedgers.OfAccount.Add(id);
        return id;
    }

    /// <summary>Prevents that new records take the numbers of records that only their files still have.</summary>
    /// <exception cref="LedgerException">Record files have records that the ledger does not have.</exception>
    private void RequireComplete()
    {
        RequirePresent();
        RequireOwnRecords();
        if (_isComplete)
        {
            return;
        }

        Translated(() => LostRecords.RequireNone(Home, Path, Connection));
        if (Head().Records > 0)
        {
            CatchUp(LedgerNote.Ledger);
        }

        Translated(() => Import.StagedFiles.Complete(this));
        _isComplete = true;
    }

    /// <summary>Prevents writing to a file that nobody can open any more.</summary>
    /// <exception cref="LedgerException">The file was deleted or replaced since it was opened.</exception>
    private void RequirePresent()
    {
        if (_file is not null && FileKind.Identity(Path) != _file)
        {
            throw new LedgerException(
                LedgerFault.Missing,
                $"{Path} was deleted or replaced while it was open; {Home.Runs} has its records, and 'dotnet breakhis ledger rebuild' makes it again from them"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Connection.Dispose();
        _copy?.Dispose();
        _shared?.Dispose();
    }

    private List<ImagePredicted> PredictionsOf(string runId) => _predictions.GetOrAdd(runId, _ => []);

    private T Translated<T>(Func<T> work) => SqliteFaults.Translated(Path, work);

    private void Translated(Action work) => SqliteFaults.Translated(Path, work);
}
