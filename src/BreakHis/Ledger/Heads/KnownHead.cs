using System.Globalization;
using System.Text.RegularExpressions;
using BreakHis.Ledger.Reading;
using BreakHis.Specs.Problems;
using static System.FormattableString;

namespace BreakHis.Ledger.Heads;

/// <summary>
/// The earlier state of a chain, as a report, a git note or a signature outside the ledger recorded it. It is written
/// as one line, <c>breakhis-ledger ID RECORDS HEAD</c> or <c>breakhis-run ID RECORDS HASH</c>.
/// </summary>
/// <param name="Run">The run; null for the ledger's own head.</param>
/// <param name="Ledger">The ledger's ID; null if unknown, and for runs, which may be in several ledgers.</param>
/// <param name="Hash">The head of the ledger's chain, or the hash of the run's last record.</param>
/// <param name="Source">The origin of the statement, in words.</param>
internal sealed partial record KnownHead(string? Run, string? Ledger, long Records, string Hash, string Source)
{
    /// <summary>
    /// Whether it must be a head of this ledger: the user provided it, or its home folder has it. A head found in the notes
    /// of a shared repository may belong to a different ledger.
    /// </summary>
    public bool IsGiven { get; init; } = true;

    /// <summary>What a git note says beside it; null for heads from elsewhere.</summary>
    public NoteStatement? Note { get; init; }

    /// <summary>The statement's line.</summary>
    public string Statement =>
        Invariant($"breakhis-{(Run is null ? "ledger" : "run")} {Run ?? Ledger ?? "-"} {Records} {Hash}");

    /// <summary>Returns the statement for the ledger's head.</summary>
    public static KnownHead Of(LedgerHead head, string source) => new(null, head.Id, head.Records, head.Head, source);

    /// <summary>
    /// Returns the statements that a report pins: one per run, and the ledger at the last record of all of them.
    /// </summary>
    /// <returns>The statements, the ledger's head first; empty if the runs did not come from a ledger.</returns>
    public static IReadOnlyList<KnownHead> PinnedBy(IEnumerable<RecordedRun> runs)
    {
        (string Id, RunChain Chain)[] chains =
        [
            .. runs.Where(run => run.Chain is not null).Select(run => (run.Summary.Id, run.Chain!)).Distinct(),
        ];
        return chains.Length == 0
            ? []
            :
            [
                Of(chains.MaxBy(run => run.Chain.Ledger.Records).Chain.Ledger, "the report"),
                .. chains.Select(run => new KnownHead(run.Id, null, run.Chain.Records, run.Chain.Hash, "the report")),
            ];
    }

    /// <summary>Returns the statements in a text that are at the start of a line.</summary>
    public static IReadOnlyList<KnownHead> InText(string text, string source) =>
        [.. Line().Matches(text).Select(match => Read(match, source))];

    /// <summary>Returns the statements that a report itself makes, ignoring similar lines in a run's texts.</summary>
    public static IReadOnlyList<KnownHead> InReport(string html, string source) =>
        [.. Meta().Matches(html).SelectMany(meta => InText(meta.Groups["content"].Value, source))];

    /// <summary>Parses RECORDS:HEAD, the format that <c>ledger head</c> prints.</summary>
    /// <exception cref="InputException">The text is not in this format.</exception>
    public static KnownHead Parse(string text)
    {
        Match match = Short().Match(text);
        return match.Success
            ? new KnownHead(null, null, Number(match), match.Groups["hash"].Value, "the command line")
            : throw new InputException(
                $"--head: '{text}' is not a head; expected a record number and 64 hexadecimal digits, such as 12:0a1b..."
            );
    }

    private static KnownHead Read(Match match, string source)
    {
        bool isRun = match.Groups["what"].Value == "run";
        string id = match.Groups["id"].Value;
        return new KnownHead(
            isRun ? id : null,
            isRun || id == "-" ? null : id,
            Number(match),
            match.Groups["hash"].Value,
            source
        );
    }

    private static long Number(Match match) =>
        long.Parse(match.Groups["records"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        "^breakhis-(?<what>ledger|run) (?<id>[0-9a-f]{10,32}|-) (?<records>[1-9][0-9]{0,17}) (?<hash>[0-9a-f]{64})\\b",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Line();

    [GeneratedRegex(
        "<meta name=\"breakhis-chain\" content=\"(?<content>[^\"<>]*)\">",
        RegexOptions.ExplicitCapture,
        10_000
    )]
    private static partial Regex Meta();

    [GeneratedRegex("^(?<records>[1-9][0-9]{0,17}):(?<hash>[0-9a-f]{64})$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Short();
}
