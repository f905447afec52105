using System.Globalization;
using BreakHis.Audit.Differences;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Audit.Rerun;

/// <summary>The outcome of a rerun.</summary>
internal enum RerunOutcome
{
    /// <summary>Reproduced bit for bit.</summary>
    Same,

    /// <summary>Not reproduced.</summary>
    Different,

    /// <summary>Could not be rerun.</summary>
    NotRun,
}

/// <summary>The note about a rerun, so that later grades can use it.</summary>
/// <param name="Reason">The first difference, or why the run could not be rerun; empty if it was reproduced.</param>
/// <param name="Process">The process of the rerun, or null.</param>
/// <param name="Facts">The software and machine of the rerun: compute.* and machine.* of its own provenance.</param>
internal sealed record RerunNote(
    RerunOutcome Outcome,
    string Reason,
    RunProcess? Process,
    string Threads,
    IReadOnlyList<ProvenanceEntry> Facts
)
{
    /// <summary>The kind of a note in the run's own chain.</summary>
    public const string Kind = "reran";

    /// <summary>The kind of a note in the chain of another ledger than the run's.</summary>
    public const string KindElsewhere = "reran_elsewhere";

    private const string RunName = "run";
    private const string RecordName = "record_sha256";
    private const string OutcomeName = "outcome";
    private const string ReasonName = "reason";
    private const string ThreadsName = "threads";
    private const string ProcessId = "process.id";
    private const string ProcessStarted = "process.started";
    private const string ProcessMachine = "process.machine";

    private static readonly Dictionary<RerunOutcome, string> Words = new()
    {
        [RerunOutcome.Same] = "same",
        [RerunOutcome.Different] = "different",
        [RerunOutcome.NotRun] = "not_run",
    };

    private static readonly Dictionary<string, RerunOutcome> Outcomes = Words.ToDictionary(
        word => word.Value,
        word => word.Key,
        StringComparer.Ordinal
    );

    private static readonly string[] Groups = [ProvenanceGroups.Compute, ProvenanceGroups.Machine];

    /// <summary>The time of the note in the ledger; empty before it is written.</summary>
    public string At { get; init; } = "";

    /// <summary>Whether this account noted it. Others can note what they like in their records.</summary>
    public bool IsOurs { get; init; } = true;

    /// <summary>Returns the note about a rerun.</summary>
    /// <param name="difference">The first difference from the run; null if there is none.</param>
    public static RerunNote Of(RecordedRun again, FirstDifference? difference) =>
        new(
            difference is null ? RerunOutcome.Same : RerunOutcome.Different,
            difference?.Text("recorded", "now") ?? "",
            again.Processes is [.., var last] ? last : null,
            again.Threads(),
            [.. again.Provenance.Where(IsInGroups)]
        );

    /// <summary>Returns the note about a rerun that was not possible.</summary>
    public static RerunNote Without(string reason) => new(RerunOutcome.NotRun, reason, null, "", []);

    /// <summary>Returns the note's names and values.</summary>
    public IEnumerable<(string Name, string Value)> Entries() =>
        [
            (OutcomeName, Words[Outcome]),
            (ReasonName, Reason),
            (ThreadsName, Threads),
            .. Process is null
                ? []
                : (IEnumerable<(string, string)>)
                    [
                        (ProcessId, Digits.Of(Process.Id)),
                        (ProcessStarted, Process.Started),
                        (ProcessMachine, Process.Machine),
                    ],
            .. Facts.Select(fact => (fact.Name, fact.Value)),
        ];

    /// <summary>
    /// Returns the names and values of a note in another ledger. The hash of the run's last own record ties the note to
    /// this run, whatever ledger has it.
    /// </summary>
    public IEnumerable<(string Name, string Value)> EntriesFor(RecordedRun run) =>
        [.. Entries(), (RunName, run.Summary.Id), (RecordName, run.Chain?.Hash ?? "")];

    /// <summary>Reads the notes of reruns of a run.</summary>
    /// <param name="own">The notes in the run's own chain, in order.</param>
    /// <param name="elsewhere">Notes in the chains of this account's ledgers, of any run.</param>
    public static IEnumerable<RerunNote> Of(
        RecordedRun run,
        IReadOnlyList<LedgerNote> own,
        IEnumerable<LedgerNote> elsewhere
    )
    {
        (RerunNote? Note, bool IsOurs)[] read =
        [
            .. own.Where(note => note.Kind == Kind)
                .Select(note => (From(note), run.Summary.IsMadeHere && !note.IsImported)),
            .. elsewhere.Where(note => IsOf(run, note)).Select(note => (From(note), true)),
        ];
        return read.Where(note => note.Note is not null).Select(note => note.Note! with { IsOurs = note.IsOurs });
    }

    private static bool IsOf(RecordedRun run, LedgerNote note) =>
        note.Kind == KindElsewhere
        && run.Chain is { } chain
        && note.Entries.GetValueOrDefault(RunName) == run.Summary.Id
        && note.Entries.GetValueOrDefault(RecordName) == chain.Hash;

    /// <summary>Reads a rerun note from a ledger note; null if it has an unknown outcome.</summary>
    private static RerunNote? From(LedgerNote note)
    {
        string Value(string name) => note.Entries.GetValueOrDefault(name, "");
        if (!Outcomes.TryGetValue(Value(OutcomeName), out RerunOutcome outcome))
        {
            return null;
        }

        bool hasProcess = int.TryParse(Value(ProcessId), CultureInfo.InvariantCulture, out int process);
        return new RerunNote(
            outcome,
            Value(ReasonName),
            hasProcess ? new RunProcess(process, Value(ProcessStarted), Value(ProcessMachine)) : null,
            Value(ThreadsName),
            [
                .. note
                    .Entries.Select(entry => new ProvenanceEntry(entry.Key, entry.Value))
                    .Where(IsInGroups)
                    .OrderBy(entry => entry.Name, StringComparer.Ordinal),
            ]
        )
        {
            At = Value(LedgerNote.At),
        };
    }

    private static bool IsInGroups(ProvenanceEntry entry) => Groups.Contains(entry.Group, StringComparer.Ordinal);
}
