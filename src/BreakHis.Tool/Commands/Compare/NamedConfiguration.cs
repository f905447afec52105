using BreakHis.Comparisons;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary>A configuration as the user names it: <c>[LABEL=]RUN[:STAGE]</c>.</summary>
/// <param name="Label">Null to use the name of the run's spec.</param>
/// <param name="Run">A reference to one of its runs.</param>
/// <param name="Stage">Null for the last stage of its plan.</param>
internal sealed record NamedConfiguration(string? Label, string Run, string? Stage)
{
    /// <summary>Parses the text.</summary>
    /// <param name="stage">The stage if the text names none.</param>
    /// <exception cref="InputException">It names an unknown stage, or has an empty label.</exception>
    public static NamedConfiguration Parse(string text, string? stage)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals == 0)
        {
            throw new InputException($"'{OneLine.Of(text)}' has no label before '='");
        }

        string rest = text[(equals + 1)..];
        int colon = rest.LastIndexOf(':');
        string? named = colon < 0 ? null : rest[(colon + 1)..];
        return named is null || StageNames.All.Contains(named, StringComparer.Ordinal)
            ? new NamedConfiguration(
                equals > 0 ? text[..equals] : null,
                colon < 0 ? rest : rest[..colon],
                named ?? stage
            )
            : throw new InputException(
                $"'{OneLine.Of(text)}': '{OneLine.Of(named)}' is not a stage ({Listing.Words(StageNames.All)})"
            );
    }

    /// <summary>The stages of one configuration, to be compared with each other.</summary>
    /// <exception cref="InputException">The text names a stage.</exception>
    public static NamedConfiguration[] StagesOf(string text) =>
        Parse(text, stage: null) is { Stage: null } whole
            ? [.. StageNames.All.Select(stage => whole with { Stage = stage })]
            : throw new InputException($"'{OneLine.Of(text)}' is one stage; name what to compare it with");

    /// <summary>Finds the runs.</summary>
    /// <exception cref="LedgerException">No run matches, or its record cannot be read.</exception>
    public Configuration In(LedgerDatabase ledger)
    {
        string id = ledger.ResolveRun(Run);
        RecordedRun run = ledger.Load(id);
        string key =
            ConfigurationKey.Of(run.Spec, run.Plan)
            ?? throw new LedgerException(
                LedgerFault.Malformed,
                $"run {id} has a malformed record: its spec or plan cannot be read"
            );
        string[] same =
        [
            .. ledger
                .Settings()
                .Where(other => ConfigurationKey.Of(other.Spec, other.Plan) == key)
                .Select(other => other.Id),
        ];
        return new Configuration(
            Label ?? run.Summary.Name,
            Stage ?? run.LastStage(),
            run.Classes,
            [.. ReadableRuns.Of([.. ReadableRuns.Load(ledger, same)], Readers.Check)]
        );
    }
}
