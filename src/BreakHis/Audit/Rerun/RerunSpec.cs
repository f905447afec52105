using BreakHis.Audit.Inputs;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;

namespace BreakHis.Audit.Rerun;

/// <summary>The spec to run a recorded run again by.</summary>
internal static class RerunSpec
{
    /// <summary>
    /// The recorded spec, with images and weights at the places where they lie now: neither path is part of the plan's
    /// fingerprint, and relative ones would lead elsewhere.
    /// </summary>
    /// <param name="place">Where images and weights are, if no longer at the recorded places.</param>
    /// <returns>Canonical JSON, which is YAML too.</returns>
    /// <exception cref="FormatException">The recorded spec is of another version.</exception>
    public static string Of(RecordedRun run, AuditPlace place)
    {
        ExperimentSpec spec = CanonicalForm.FromCanonical(run.Spec);
        string? folder =
            spec.Data.Source == DataSource.Synthetic ? null : place.Data ?? run.Fact(ProvenanceNames.DataFolder);
        SplitSpec split = spec.Data.Split.File is null
            ? spec.Data.Split
            : spec.Data.Split with
            {
                File = run.Fact(ProvenanceNames.DataSplitFile) ?? spec.Data.Split.File,
            };
        string? weights = WeightsOf(run, spec, place);
        return CanonicalForm.Of(
                spec with
                {
                    Data = (folder is null ? spec.Data : spec.Data with { Path = folder }) with { Split = split },
                    Model = weights is null ? spec.Model : spec.Model with { Weights = weights },
                }
            ) + "\n";
    }

    /// <summary>Weights that come with the tool are left to the tool that runs; others lie outside of the new home folder.</summary>
    private static string? WeightsOf(RecordedRun run, ExperimentSpec spec, AuditPlace place)
    {
        string recorded = run.Fact(ProvenanceNames.WeightsFile) ?? "none";
        bool bundled =
            spec.Model.Weights == "imagenet"
            && BackboneFacts.Find(spec.Model.Backbone)?.Name == BackboneFacts.ResNet18MlNet.Name;
        return place.Weights is not null ? place.Weights
            : recorded == "none" || bundled || !Path.Exists(recorded) ? null
            : recorded;
    }
}
