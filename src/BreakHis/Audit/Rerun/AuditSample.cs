using BreakHis.Json;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Numerics;
using BreakHis.Statistics;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Audit.Rerun;

/// <summary>
/// A random sample of past runs to rerun. The draw depends on a number that the auditor names, so that whoever made the
/// ledger cannot choose the runs, and on the ledger's head, so that the number must be named after the ledger was made.
/// </summary>
/// <param name="Population">The IDs of the finished runs, in ordinal order.</param>
/// <param name="Head">The ledger's head before the draw.</param>
/// <param name="Seed">The auditor's number.</param>
/// <param name="Size">The number of runs to draw.</param>
internal sealed record AuditSample(IReadOnlyList<string> Population, LedgerHead Head, long Seed, int Size)
{
    /// <summary>The kind of the note before the draw.</summary>
    public const string Kind = "audit_sample";

    /// <summary>The kind of the note after the last rerun.</summary>
    public const string EndKind = "audit_sample_end";

    /// <summary>Returns the sample for a ledger's runs.</summary>
    /// <param name="malformed">The runs whose records cannot be read. They cannot be rerun, and must not escape the
    /// sample.</param>
    /// <param name="seed">The auditor's number.</param>
    /// <param name="size">The number of runs to draw.</param>
    public static AuditSample Of(
        IEnumerable<RunSummary> runs,
        IEnumerable<string> malformed,
        LedgerHead head,
        long seed,
        int size
    ) =>
        new(
            [
                .. runs.Where(run => run.State == RunState.Finished)
                    .Select(run => run.Id)
                    .Concat(malformed)
                    .Order(StringComparer.Ordinal),
            ],
            head,
            seed,
            size
        );

    /// <summary>Returns the entries of the note before the draw.</summary>
    public IEnumerable<(string Name, string Value)> Entries() =>
        [
            ("population", Digits.Of(Population.Count)),
            ("population_sha256", CanonicalJson.Array(Population.Select(id => CanonicalJson.From(id)!)).Hash()),
            ("sampled_ledger", Head.Id ?? ""),
            ("head", Head.Head),
            ("seed", Digits.Of(Seed)),
            ("size", Digits.Of(Size)),
        ];

    /// <summary>Returns the drawn runs; every set of that size has the same probability.</summary>
    public IReadOnlyList<string> Draw() =>
        [
            .. RandomStream
                .From(Seed, $"audit sample of {Head.Head}")
                .Permutation(Population.Count)
                .Take(Size)
                .Select(i => Population[i]),
        ];

    /// <summary>Returns the result of the sample, as a check of the ledger.</summary>
    /// <param name="checks">The checks of the drawn runs.</param>
    public AuditEntry Judge(IReadOnlyList<AuditEntry> checks)
    {
        AuditEntry[] reruns = [.. checks.Where(check => check is { Level: AuditLevel.Rerun, Name: RerunChecks.Name })];
        int reproduced = reruns.Count(check => check.Outcome == AuditOutcome.Pass);
        int failed = reruns.Count(check => check.Outcome == AuditOutcome.Fail);
        int unknown = Size - reproduced - failed;
        int most = SampleBound.Upper(Population.Count, Size, Size - reproduced);
        string statement = Invariant(
            $"{Size} of {Population.Count} finished runs drawn with seed {Seed} from the ledger with head {ShortHash.Of(Head.Head)}: {reproduced} reproduced bit for bit, {failed} not reproduced, {unknown} could not be rerun; with 95 % confidence, at most {100.0 * most / Population.Count:0.#} % ({most} of {Population.Count}) do not reproduce here"
        );
        CheckResult result =
            failed > 0 ? CheckResult.Fail(statement)
            : unknown > 0 ? CheckResult.Inconclusive(statement)
            : CheckResult.Pass(statement);
        return result.As(AuditLevel.Rerun, "sample", null);
    }
}
