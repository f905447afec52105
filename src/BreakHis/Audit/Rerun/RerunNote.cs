using System.Globalization;
using BreakHis.Audit.Differences;
using BreakHis.Json;
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

/// <summary>The note about a rerun in the run's chain, so that later grades can use it.</summary>
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
    /// <summary>The kind of the note.</summary>
    public const string Kind = "reran";

    private const string OutcomeName = "outcome";
    private const string ReasonName = "reason";
    private const string ThreadsName = "threads";
    private const string ProcessId = "process.id";
    private const string ProcessStarted = "process.started";
    private const string ProcessMachine = "process.machine";

    private static readonly string[] Groups = [ProvenanceGroups.Compute, ProvenanceGroups.Machine];

    /// <summary>The time of the note in the ledger; empty before it is written.</summary>
    public string At { get; init; } = "";

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
            (OutcomeName, SnakeCase.Of(Outcome)),
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

    /// <summary>Reads a rerun note from a ledger note; null if it is of a different kind or has an unknown
    /// outcome.</summary>
    public static RerunNote? From(LedgerNote note)
    {
        string Value(string name) => note.Entries.GetValueOrDefault(name, "");
        if (note.Kind != Kind || SnakeCase.Parse<RerunOutcome>(Value(OutcomeName)) is not { } outcome)
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
