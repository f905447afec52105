using BreakHis.Audit.Inputs;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;

namespace BreakHis.Audit.Rerun;

/// <summary>The spec for rerunning a recorded run.</summary>
internal static class RerunSpec
{
    /// <summary>
    /// Returns the recorded spec, with the current paths of images and weights: neither path is part of the plan's
    /// fingerprint, and relative ones would point elsewhere.
    /// </summary>
    /// <param name="place">The current places of images and weights, if they have moved.</param>
    /// <returns>Canonical JSON, which is also valid YAML.</returns>
    /// <exception cref="FormatException">The recorded spec is from a different version.</exception>
    public static string Of(RecordedRun run, AuditPlace place)
    {
        ExperimentSpec spec = CanonicalForm.FromCanonical(run.Spec);
        string? folder =
            spec.Data.Source == DataSource.Synthetic ? null : place.Data ?? run.Fact(ProvenanceNames.DataFolder);
        SplitSpec split = spec.Data.Split.File is null
            ? spec.Data.Split
            : spec.Data.Split with
            {
                File = run.Given(ProvenanceNames.DataSplitFile) ?? spec.Data.Split.File,
            };
        WeightsFrom? weights = WeightsOf(run, spec, place) is string path ? WeightsFrom.Of(path) : null;
        return CanonicalForm.Of(
                spec with
                {
                    Data = (folder is null ? spec.Data : spec.Data with { Path = folder }) with { Split = split },
                    Model = weights is null ? spec.Model : spec.Model with { Weights = weights },
                }
            ) + "\n";
    }

    /// <summary>
    /// Returns the weights of a spec. The rerun's tool finds weights that come with it; other weights are outside the
    /// new home folder.
    /// </summary>
    private static string? WeightsOf(RecordedRun run, ExperimentSpec spec, AuditPlace place)
    {
        string? recorded = run.Given(ProvenanceNames.WeightsFile);
        bool bundled =
            spec.Model.Weights == WeightsFrom.ImageNet
            && BackboneFacts.Find(spec.Model.Backbone)?.Name == BackboneFacts.ResNet18MlNet.Name;
        return place.Weights is not null ? place.Weights
            : bundled || spec.Model.Weights == WeightsFrom.Drawn ? null
            : ((string?[])[recorded, place.KeptWeights(run)]).FirstOrDefault(Path.Exists)
                // The new home folder has no run that the spec could name.
                ?? (spec.Model.Weights.Run is null ? null : recorded);
    }
}
