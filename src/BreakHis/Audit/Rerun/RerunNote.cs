using BreakHis.Audit.Differences;
using BreakHis.Audit.Inputs;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Audit.Rerun;

/// <summary>What is noted of a rerun in the chain of the run, so that it counts as measured later.</summary>
/// <param name="Outcome">same, different, or not_run.</param>
/// <param name="Reason">Where it first differs, or why it could not be run; empty where it came out the same.</param>
/// <param name="Process">The process that ran it, or null.</param>
/// <param name="Threads">The threads that it used.</param>
/// <param name="Facts">What computed it: compute.* and machine.* of its own provenance.</param>
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

    /// <summary>It came out again bit for bit.</summary>
    public const string Same = "same";

    /// <summary>It came out otherwise.</summary>
    public const string Different = "different";

    /// <summary>It could not be run.</summary>
    public const string NotRun = "not_run";

    private static readonly string[] Groups = [ProvenanceGroups.Compute, ProvenanceGroups.Machine];

    /// <summary>When it was noted, as the ledger has it; empty before.</summary>
    public string At { get; init; } = "";

    /// <summary>The note of a rerun.</summary>
    /// <param name="difference">Where it first differs from the run; null where it is the same.</param>
    public static RerunNote Of(RecordedRun again, FirstDifference? difference) =>
        new(
            difference is null ? Same : Different,
            difference?.Text("recorded", "now") ?? "",
            again.Processes is [.., var last] ? last : null,
            again.Threads(),
            [.. again.Provenance.Where(entry => Groups.Any(g => entry.Name.StartsWith(g, StringComparison.Ordinal)))]
        );

    /// <summary>The note of a rerun that could not be made.</summary>
    public static RerunNote Without(string reason) => new(NotRun, reason, null, "", []);

    /// <summary>As names and values.</summary>
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

    /// <summary>The note of a ledger's note; null where it is one of another kind.</summary>
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
