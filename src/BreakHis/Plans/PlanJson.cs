using BreakHis.Data;
using BreakHis.Json;
using BreakHis.Specs.Shapes;

namespace BreakHis.Plans;

/// <summary>Writes plans as canonical JSON, to hash, store and show them.</summary>
internal static class PlanJson
{
    private static readonly RecordShape PlanShape = ShapeReflection.RecordOf(typeof(Plan));

    private static readonly RecordShape FeaturesShape = ShapeReflection.RecordOf(typeof(FeaturesPlan));

    /// <summary>Returns the complete plan, with hashes and counts instead of the images.</summary>
    public static CanonicalJson Of(Plan plan) =>
        CanonicalJson.Object(
            ("choices", CanonicalJson.Object(plan.Choices.Select(c => (c.Path, CanonicalJson.From(c.Value))))),
            (PlanKeys.Determining, Determining(plan)),
            ("features_key", plan.Bottleneck?.Features.Key),
            (PlanKeys.Fingerprint, plan.Fingerprint),
            ("folder", plan.Data.Folder),
            (PlanKeys.LeftOut, Lines([.. plan.Data.LeftOut.Select(left => left.Text)])),
            (PlanKeys.LeftOutFiles, LeftOutFiles(plan.Data)),
            ("spec_file", plan.SpecFile),
            (PlanKeys.SpecHash, plan.SpecHash),
            (
                "test_images",
                plan.Data.Images.Count(image => image.Side == Side.Test) is > 0 and int tested
                    ? CanonicalJson.From(tested)
                    : null
            ),
            ("train_images", plan.Data.Images.Count(image => image.Side == Side.Train)),
            ("validation_images", plan.Data.Images.Count(image => image.Side == Side.Validation)),
            ("weights_average_pools", plan.Weights.AveragePools),
            ("weights_batch_norms", plan.Weights.BatchNorms),
            ("weights_file", plan.Weights.File),
            (PlanKeys.WeightsNotes, Lines(plan.Weights.Notes)),
            ("weights_origin", plan.Weights.Origin),
            (PlanKeys.Preprocessing, plan.Weights.Preprocessing),
            ("weights_run", plan.Weights.Run),
            ("weights_trained_at", plan.Weights.TrainedAt is int size ? CanonicalJson.From(size) : null)
        );

    private static CanonicalJson? LeftOutFiles(DataPlan data) =>
        data.LeftOut.Count > 0
            ? CanonicalJson.Object(data.LeftOut.Select(left => (left.Many, Lines([.. left.Lines]))))
            : null;

    private static CanonicalJson? Lines(IReadOnlyCollection<string> texts) =>
        texts.Count > 0 ? CanonicalJson.Array(texts.Select(text => CanonicalJson.From(text)!)) : null;

    /// <summary>Returns a plan for readers.</summary>
    public static string Complete(Plan plan) => Complete(Of(plan).ToString());

    /// <summary>Returns a written plan for readers, with the keys that it omits for the sake of older hashes.</summary>
    public static string Complete(string plan) => LaterKeys.FilledIn(plan, PlanShape, PlanKeys.Determining);

    /// <summary>Returns the values of a written plan for readers, with those apart that determine the result.</summary>
    public static (
        IReadOnlyList<(string Name, string Value)> Determining,
        IReadOnlyList<(string Name, string Value)> Others
    ) Lines(string plan)
    {
        const string Prefix = PlanKeys.Determining + ".";
        ILookup<bool, (string Path, string Value)> lines = JsonFlattening
            .Flatten(Complete(plan))
            .ToLookup(line => line.Path.StartsWith(Prefix, StringComparison.Ordinal));
        return ([.. lines[true].Select(line => (line.Path[Prefix.Length..], line.Value))], [.. lines[false]]);
    }

    /// <summary>Returns everything that determines the result, and nothing else. The fingerprint is its hash.</summary>
    internal static CanonicalJson Determining(Plan plan) => ShapeJson.Of(plan, PlanShape);

    /// <summary>
    /// Returns everything that determines the features of the bottleneck stage. Their key is its hash.
    /// </summary>
    internal static CanonicalJson Determining(FeaturesPlan features) => ShapeJson.Of(features, FeaturesShape);
}
