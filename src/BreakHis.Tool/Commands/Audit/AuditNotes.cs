using BreakHis.Audit.Rerun;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Notes what an audit found, in a ledger of the auditor.</summary>
internal sealed class AuditNotes : IDisposable
{
    private readonly LedgerDatabase _ledger;
    private readonly bool _isAudited;

    private AuditNotes(LedgerDatabase ledger, bool isAudited) => (_ledger, _isAudited) = (ledger, isAudited);

    /// <summary>Opens the ledger for notes: the audited one if it is the auditor's own, else that of their home.</summary>
    /// <param name="own">The auditor's own home folder.</param>
    /// <param name="named">The home folder that the auditor named for notes, or null.</param>
    /// <exception cref="InputException">The notes have no ledger to go to.</exception>
    /// <exception cref="LedgerException">The ledger cannot be opened.</exception>
    public static AuditNotes In(LedgerDatabase audited, HomeFolder own, HomeFolder? named)
    {
        HomeFolder home = named ?? (audited.IsOwn ? audited.Home : own);
        if (named is null && !audited.IsOwn && home.Path == audited.Home.Path)
        {
            throw new InputException(
                $"--record: another account began {audited.Path}; --record-in DIR names a home folder of yours"
            );
        }

        var ledger = LedgerDatabase.Open(home.Ledger);
        StandardStreams.Error.WriteLine($"recording reruns in {ledger.Path}");
        return new AuditNotes(ledger, ledger.Head().Id is string id && id == audited.Head().Id);
    }

    /// <summary>
    /// Notes the rerun of a run: in its own chain if it was made here, else in the ledger's, because what the chain of
    /// somebody else's run says is theirs.
    /// </summary>
    /// <exception cref="LedgerException">The write failed.</exception>
    public void Write(RecordedRun run, RerunNote note)
    {
        if (_isAudited && run.Summary.IsMadeHere)
        {
            _ledger.Note(run.Summary.Id, RerunNote.Kind, DateTimeOffset.UtcNow, note.Entries());
        }
        else
        {
            Write(RerunNote.KindElsewhere, note.EntriesFor(run));
        }
    }

    /// <summary>Writes a note about the audited ledger.</summary>
    /// <exception cref="LedgerException">The write failed.</exception>
    public void Write(string kind, IEnumerable<(string Name, string Value)> entries) =>
        _ledger.Note(LedgerNote.Ledger, kind, DateTimeOffset.UtcNow, entries);

    /// <inheritdoc/>
    public void Dispose() => _ledger.Dispose();
}
