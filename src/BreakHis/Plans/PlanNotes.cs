namespace BreakHis.Plans;

/// <summary>What a person should know of a plan before believing its result.</summary>
public static class PlanNotes
{
    /// <summary>Notes, each one line; none where there is nothing to say.</summary>
    public static IReadOnlyList<string> Of(Plan plan) =>
        [.. MissingClasses(plan), .. SharedPatients(plan), .. SharedPictures(plan)];

    private static IEnumerable<string> MissingClasses(Plan plan) =>
        from c in Enumerable.Range(0, plan.Data.Classes.Count)
        from side in Enum.GetValues<Side>()
        where !plan.Data.Images.Any(image => image.Class == c && image.Side == side)
        select $"{plan.Data.Classes[c]} has no {(side == Side.Train ? "training" : "validation")} image";

    private static IEnumerable<string> SharedPatients(Plan plan)
    {
        int shared = BothSides.Patients(plan.Data.Images).Count;
        if (shared > 0)
        {
            yield return $"{shared} {(shared == 1 ? "patient is" : "patients are")} on both sides of the split, so accuracy on unseen patients will be lower than shown";
        }
    }

    private static IEnumerable<string> SharedPictures(Plan plan)
    {
        HashSet<string> trained = new(
            plan.Data.Images.Where(image => image.Side == Side.Train).Select(image => image.Sha256),
            StringComparer.Ordinal
        );
        PlannedImage[] shared =
        [
            .. plan.Data.Images.Where(image => image.Side == Side.Validation && trained.Contains(image.Sha256)),
        ];
        if (shared.Length > 0)
        {
            yield return $"{shared.Length} of the validation images are trained on too, byte for byte, such as {shared[0].Path}";
        }
    }
}
