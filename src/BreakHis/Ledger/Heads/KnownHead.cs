using System.Globalization;
using System.Text.RegularExpressions;
using BreakHis.Ledger.Reading;
using BreakHis.Specs.Problems;

namespace BreakHis.Ledger.Heads;

/// <summary>
/// Where a chain stood once, as known from outside of the ledger: from a report, a git note or a signature. It is written
/// as one line, <c>breakhis-ledger ID RECORDS HEAD</c> or <c>breakhis-run ID RECORDS HASH</c>.
/// </summary>
/// <param name="Run">The run; null where it is the ledger's own head.</param>
/// <param name="Ledger">The ledger's id; null where it is not known, or of a run, which may be in several ledgers.</param>
/// <param name="Records">Number of records.</param>
/// <param name="Hash">The head of the ledger's chain, or the hash of the run's last record.</param>
/// <param name="Source">Where it is known from, in words.</param>
internal sealed partial record KnownHead(string? Run, string? Ledger, long Records, string Hash, string Source)
{
    /// <summary>
    /// Whether the user named it. One that was merely found, in the notes of a repository that several people have, may be
    /// of another ledger.
    /// </summary>
    public bool IsGiven { get; init; } = true;

    /// <summary>The line.</summary>
    public string Statement =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"breakhis-{(Run is null ? "ledger" : "run")} {Run ?? Ledger ?? "-"} {Records} {Hash}"
        );

    /// <summary>The ledger's head.</summary>
    /// <param name="source">Where it is known from.</param>
    public static KnownHead Of(LedgerHead head, string source) => new(null, head.Id, head.Records, head.Head, source);

    /// <summary>What a report pins: each run, and the ledger at the last record of all of them.</summary>
    /// <returns>The ledger's head first; nothing where the runs did not come from a ledger.</returns>
    public static IReadOnlyList<KnownHead> PinnedBy(IEnumerable<RecordedRun> runs)
    {
        (string Id, RunChain Chain)[] chains =
        [
            .. runs.Where(run => run.Chain is not null).Select(run => (run.Line.Id, run.Chain!)).Distinct(),
        ];
        return chains.Length == 0
            ? []
            :
            [
                Of(chains.MaxBy(run => run.Chain.Ledger.Records).Chain.Ledger, "the report"),
                .. chains.Select(run => new KnownHead(run.Id, null, run.Chain.Records, run.Chain.Hash, "the report")),
            ];
    }

    /// <summary>The statements in a text, each at the beginning of a line.</summary>
    /// <param name="source">Where it is from.</param>
    public static IReadOnlyList<KnownHead> InText(string text, string source) =>
        [.. Line().Matches(text).Select(match => Read(match, source))];

    /// <summary>The statements in a report. Only its own are taken, not what a run's texts say there.</summary>
    /// <param name="source">Where it is from.</param>
    public static IReadOnlyList<KnownHead> InReport(string html, string source) =>
        [.. Meta().Matches(html).SelectMany(meta => InText(meta.Groups["content"].Value, source))];

    /// <summary>Reads RECORDS:HEAD, as <c>ledger head</c> prints it.</summary>
    /// <exception cref="InputException">It is something else.</exception>
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
