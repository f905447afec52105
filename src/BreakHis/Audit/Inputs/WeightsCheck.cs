using System.Collections.Concurrent;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the weights from which a run started still have the recorded hash. Weights that several runs share are read
/// once.
/// </summary>
internal sealed class WeightsCheck(AuditPlace place)
{
    private readonly ConcurrentDictionary<string, string?> _weights = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);

    public IEnumerable<AuditEntry> Of(RecordedRun run, ModelSpec model) =>
        [Result(run, model).As(AuditLevel.Inputs, "weights", run.Summary.Id)];

    private CheckResult Result(RecordedRun run, ModelSpec model)
    {
        string? sha256 = run.Fact(ProvenanceNames.WeightsSha256);
        if (run.Given(ProvenanceNames.WeightsFile) is not string recorded)
        {
            return sha256 == ProvenanceValues.None
                ? CheckResult.Pass("no file: the weights are drawn from the seed")
                : CheckResult.Inconclusive("no weights file is recorded");
        }

        foreach (string path in PlacesOf(run, recorded, model))
        {
            if (HashAt(path) is string found)
            {
                return found == sha256
                    ? CheckResult.Pass($"{path}: the hash matches")
                    : CheckResult.Fail(
                        $"{path}: the hash does not match: recorded {ShortHash.Dotted(sha256 ?? ProvenanceValues.None)}, found {ShortHash.Dotted(found)}"
                    );
            }
        }

        return CheckResult.Inconclusive(
            $"{recorded} is missing or cannot be read as weights; give its new location with --weights"
        );
    }

    /// <summary>
    /// Returns the paths where a run's weights may be. Each is checked only if the previous ones have no weights,
    /// because the files are large.
    /// </summary>
    private IEnumerable<string> PlacesOf(RecordedRun run, string recorded, ModelSpec model)
    {
        if (place.Weights is not null)
        {
            yield return place.Weights;
        }

        yield return recorded;
        if (place.KeptWeights(run) is string kept)
        {
            yield return kept;
        }

        if (model.Weights != WeightsFrom.ImageNet)
        {
            yield break;
        }

        if (_known.GetOrAdd(model.Backbone, _ => place.KnownWeights(model.Backbone)) is string known)
        {
            yield return known;
        }
    }

    private string? HashAt(string path) => _weights.GetOrAdd(path, _ => place.WeightsAt(path));
}
