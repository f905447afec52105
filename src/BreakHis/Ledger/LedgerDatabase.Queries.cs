using BreakHis.Ledger.Chain;
using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Import;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;

namespace BreakHis.Ledger;

// What the ledger says about runs.
internal sealed partial class LedgerDatabase
{
    /// <summary>Returns the notes about a run, or about the ledger, in order.</summary>
    /// <param name="chain">The run's ID, or <see cref="LedgerNote.Ledger"/>.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<LedgerNote> Notes(string chain) =>
        Translated(() =>
        {
            IReadOnlyList<ImportedRun> imported = ImportedRun.Parts(Connection, chain);
            return NoteStore
                .Of(Connection, chain)
                .ConvertAll(note => note with { IsImported = imported.Any(part => part.Has(note.Record)) });
        });

    /// <summary>Returns the head of the ledger's chain.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public LedgerHead Head() =>
        Translated(() =>
            RecordChain.Last(Connection) is { } last
                ? new LedgerHead(RecordChain.LedgerId(Connection), last.Number, last.Head)
                : new LedgerHead(null, 0, RecordLine.None)
        );

    /// <summary>Returns the last runs that no import brought, as statements to publish.</summary>
    /// <param name="count">How many at most.</param>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<KnownHead> LastMadeHere(int count) =>
        Translated(() =>
        {
            IReadOnlyDictionary<string, RunImports> imports = RunImports.All(Connection);
            return RecordChain
                .Names(Connection)
                .Where(run => run != LedgerNote.Ledger && imports.GetValueOrDefault(run)?.Result is null)
                .TakeLast(count)
                .Select(run => (Run: run, Chain: RecordChain.ChainOf(Connection, run)))
                .Where(run => run.Chain is not null)
                .Select(run => new KnownHead(run.Run, null, run.Chain!.Records, run.Chain.Hash, "the ledger"))
                .ToArray();
        });

    /// <summary>Lists runs, newest first.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public RunList List(RunFilter filter)
    {
        bool isOwn = IsOwn;
        RunList list = Translated(() => RunReader.List(Connection, filter, _hidden.Value));
        return list with { Runs = [.. list.Runs.Select(run => WithOrigin(run, isOwn))] };
    }

    /// <summary>Returns the runs of which a list shows edited rows.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlySet<string> EditedInLists() => Translated(() => EditedRecords.InLists(Connection));

    /// <summary>Loads a run with everything that the ledger records about it.</summary>
    /// <exception cref="LedgerException">The run does not exist, its record is malformed, or the ledger cannot be
    /// read.</exception>
    public RecordedRun Load(string id)
    {
        RecordedRun run = Translated(() => MalformedRecord.Understood(id, () => RunReader.Load(Connection, id)));
        return run with { Summary = WithOrigin(run.Summary, IsOwn) };
    }

    /// <summary>Returns whether a run was made in this ledger, and this account began or adopted the ledger.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public bool IsMadeHere(string id) =>
        IsMadeHere(IsOwn, Translated(() => RunImports.All(Connection).GetValueOrDefault(id)?.Result));

    private static RunSummary WithOrigin(RunSummary run, bool isOwn) =>
        run with
        {
            IsMadeHere = IsMadeHere(isOwn, run.Import),
        };

    /// <summary>Returns where another ledger was at a record of a run that was imported from it; null if that is unknown.</summary>
    /// <param name="ledger">The ID of the other ledger.</param>
    public LedgerHead? HeadIn(string ledger, string run, long record) =>
        Translated(() => SourceOrder.HeadOf(Connection, ledger, run, record));

    /// <summary>Returns whether a run was imported into another ledger, from which it was imported here.</summary>
    /// <param name="ledger">The ID of the other ledger.</param>
    public bool WasImportedIn(string ledger, string run) =>
        Translated(() => SourceOrder.Imported(Connection, ledger, run));

    private static bool IsMadeHere(bool isOwn, RunImport? import) => isOwn && import is null;

    /// <summary>
    /// Returns the ID of the run given by an ID, a unique prefix of an ID, @1 (the last run; @2 the one before it) or a
    /// spec's name (its last run).
    /// </summary>
    /// <param name="reference">The user's input.</param>
    /// <exception cref="LedgerException">No run matches, or more than one.</exception>
    public string ResolveRun(string reference) =>
        Translated(() => RunReference.Resolve(Connection, reference, _hidden.Value));

    /// <summary>Returns whether a spec with this name began a run or was answered by one.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public bool IsSpec(string name) => Translated(() => RunReference.Named(Connection, name, _hidden.Value).Count > 0);

    /// <summary>Returns the weights that a run's fine_tune stage kept.</summary>
    /// <param name="reference">The run's ID, a unique prefix of it, or the name of its spec.</param>
    /// <exception cref="LedgerException">
    /// No run matches or has such weights, or several have different ones.
    /// </exception>
    public KeptWeights FindWeights(string reference) =>
        Translated(() =>
            MalformedRecord.Understood(
                reference,
                () => KeptWeights.Find(Connection, reference, _hidden.Value, IsMadeHere)
            )
        );

    /// <summary>Returns the SHA-256 of the features that a run made here first recorded under a key, or null.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public string? FindFeatures(string key) =>
        Translated(() => RunSearch.Features(Connection, key)).FirstOrDefault(first => IsMadeHere(first.Run)).Sha256;

    /// <summary>Returns the finished runs of a plan, the last one first.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<string> FindFinished(string fingerprint) =>
        Translated(() => Listed(RunSearch.Find(Connection, fingerprint, finished: true)));

    /// <summary>Returns the unfinished runs of a plan, the last one first.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<string> FindUnfinished(string fingerprint) =>
        Translated(() => Listed(RunSearch.Find(Connection, fingerprint, finished: false)));

    /// <summary>Returns the newest run of a plan if it was interrupted or killed, else none.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<string> FindInterrupted(string fingerprint) =>
        Translated(() => RunSearch.FindInterrupted(Connection, fingerprint, _hidden.Value));

    /// <summary>
    /// Returns the other finished runs of the same experiment: same settings, images, split, weights, seed and device.
    /// </summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<string> FindAlike(string id) => Translated(() => Listed(RunSearch.FindAlike(Connection, id)));

    /// <summary>Returns the specs and plans of all runs, as JSON, in the order in which they began.</summary>
    /// <exception cref="LedgerException">The ledger cannot be read.</exception>
    public IReadOnlyList<(string Id, string Spec, string Plan)> Settings() =>
        Translated(() => RunSearch.Settings(Connection).FindAll(run => !_hidden.Value.Contains(run.Id)));

    private IReadOnlyList<string> Listed(IEnumerable<string> ids) => [.. ids.Where(id => !_hidden.Value.Contains(id))];
}
