using BreakHis.Audit.Differences;
using BreakHis.Audit.Inputs;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Audit.Rerun;

/// <summary>The note about a rerun in the run's chain, so that later grades can use it.</summary>
/// <param name="Outcome">same, different, or not_run.</param>
/// <param name="Reason">The first difference, or why the run could not be rerun; empty if it was reproduced.</param>
/// <param name="Process">The process of the rerun, or null.</param>
/// <param name="Threads">The number of threads of the rerun.</param>
/// <param name="Facts">The software and machine of the rerun: compute.* and machine.* of its own provenance.</param>
internal sealed record RerunNote(
    string Outcome,
    string Reason,
    RunProcess? Process,
    string Threads,
    IReadOnlyList<ProvenanceEntry> Facts
)
{
    /// <summary>The kind of the note.</summary>
    public const string Kind = "reran";

    /// <summary>Reproduced bit for bit.</summary>
    public const string Same = "same";

    /// <summary>Not reproduced.</summary>
    public const string Different = "different";

    /// <summary>Could not be rerun.</summary>
    public const string NotRun = "not_run";

    private static readonly string[] Groups = [ProvenanceGroups.Compute, ProvenanceGroups.Machine];

    /// <summary>The time of the note in the ledger; empty before it is written.</summary>
    public string At { get; init; } = "";

    /// <summary>Returns the note about a rerun.</summary>
    /// <param name="difference">The first difference from the run; null if there is none.</param>
    public static RerunNote Of(RecordedRun again, FirstDifference? difference) =>
        new(
            difference is null ? Same : Different,
            difference?.Text("recorded", "now") ?? "",
            again.Processes is [.., var last] ? last : null,
            again.Threads(),
            [.. again.Provenance.Where(entry => Groups.Any(g => entry.Name.StartsWith(g, StringComparison.Ordinal)))]
        );

    /// <summary>Returns the note about a rerun that was not possible.</summary>
    public static RerunNote Without(string reason) => new(NotRun, reason, null, "", []);

    /// <summary>Returns the note's names and values.</summary>
    public IEnumerable<(string Name, string Value)> Entries() =>
        [
            ("outcome", Outcome),
            ("reason", Reason),
            ("threads", Threads),
            .. Process is null
                ? []
                : (IEnumerable<(string, string)>)
                    [
                        ("process.id", Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        ("process.started", Process.Started),
                        ("process.machine", Process.Machine),
                    ],
            .. Facts.Select(fact => (fact.Name, fact.Value)),
        ];

    /// <summary>Reads a rerun note from a ledger note; null if it is of a different kind.</summary>
    public static RerunNote? From(LedgerNote note)
    {
        if (note.Kind != Kind)
        {
            return null;
        }

        string Value(string name) => note.Entries.GetValueOrDefault(name, "");
        bool hasProcess = int.TryParse(
            Value("process.id"),
            System.Globalization.CultureInfo.InvariantCulture,
            out int process
        );
        return new RerunNote(
            Value("outcome"),
            Value("reason"),
            hasProcess ? new RunProcess(process, Value("process.started"), Value("process.machine")) : null,
            Value("threads"),
            [
                .. note
                    .Entries.Where(entry => Groups.Any(g => entry.Key.StartsWith(g, StringComparison.Ordinal)))
                    .Select(entry => new ProvenanceEntry(entry.Key, entry.Value))
                    .OrderBy(entry => entry.Name, StringComparer.Ordinal),
            ]
        )
        {
            At = Value(LedgerNote.At),
        };
    }
}
