using BreakHis.Data;
using BreakHis.Wording;

namespace BreakHis.Plans.Checks;

/// <summary>Checks that the weights of a run were not trained on what they are evaluated on now.</summary>
internal static class WeightsLeaks
{
    /// <summary>Returns the check of a plan whose weights a run kept; none for other weights.</summary>
    public static IEnumerable<LeakCheck> Of(Plan plan) =>
        plan.Weights.Run is string run ? [Of(run, plan.Weights.TrainedOn, plan.Data.Images)] : [];

    private static LeakCheck Of(string run, IReadOnlyList<TrainedImage> trained, IReadOnlyList<PlannedImage> images)
    {
        PlannedImage[] evaluated = [.. images.Where(image => image.Side != Side.Train)];
        string sides = string.Join(" and ", Sides.In(evaluated.Select(image => image.Side)).Skip(1).Select(Sides.Of));
        var contents = trained.Select(image => image.Sha256).ToHashSet(StringComparer.Ordinal);
        string[] seen = [.. evaluated.Where(image => contents.Contains(image.Sha256)).Select(image => image.Path)];
        var patients = trained.Select(image => image.Patient).ToHashSet(StringComparer.Ordinal);
        string[] known =
        [
            .. evaluated
                .Select(image => image.Patient)
                .Where(patient => patient.Length > 0 && patients.Contains(patient))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        string trainer = $"run {run}, which kept the weights, was trained on";
        const string Lower = "accuracy on unseen patients is probably lower than shown";
        return seen.Length > 0
                ? new(
                    LeakCheck.Weights,
                    LeakVerdict.Leak,
                    $"{trainer} {Plural.Of(seen.Length, $"{sides} image")} ({LeakChecks.Some(seen)}), so {Lower}"
                )
            : known.Length > 0
                ? new(
                    LeakCheck.Weights,
                    LeakVerdict.Doubt,
                    $"{trainer} other images of {Plural.Of(known.Length, $"{sides} patient")} ({LeakChecks.Some(known)}); if they are the same people, {Lower}"
                )
            : new(LeakCheck.Weights, LeakVerdict.Clean, $"{trainer} no {sides} image or patient");
    }
}
