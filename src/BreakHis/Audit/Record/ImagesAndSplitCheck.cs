using BreakHis.Plans;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the recorded images, classes and sides have the hashes in the plan.</summary>
internal static class ImagesAndSplitCheck
{
    public static IEnumerable<AuditEntry> Of(
        string run,
        RunFacts facts,
        IReadOnlyList<string> classes,
        IReadOnlyList<PlannedImage> images
    ) =>
        CheckResult
            .Of(Faults(facts, classes, images), "images and sides match the hashes in the plan")
            .As(AuditLevel.Record, "images and split", run);

    private static IEnumerable<string> Faults(
        RunFacts facts,
        IReadOnlyList<string> classes,
        IReadOnlyList<PlannedImage> images
    )
    {
        if (images.FirstOrDefault(image => image.Class < 0 || image.Class >= classes.Count) is { } lost)
        {
            yield return $"images: {lost.Path} has a class that does not exist";
        }

        if (facts.Plan.ContentHash is string content && Labelling.ContentHash(classes, images) != content)
        {
            yield return "images, classes: their hash differs from the plan's (a path, content, class or name differs)";
        }

        if (facts.Plan.PatientsHash is string patients && Labelling.PatientsHash(images) != patients)
        {
            yield return "images: the hash of their patients differs from the plan's";
        }

        if (facts.Plan.SplitHash is string split && Labelling.SplitHash(images) != split)
        {
            yield return "images: the hash of their sides differs from the plan's";
        }
    }
}
