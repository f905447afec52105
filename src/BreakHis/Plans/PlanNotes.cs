using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Json;
using BreakHis.Plans.Checks;
using BreakHis.Specs;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Plans;

/// <summary>Notes on a plan that a reader should know before trusting its result.</summary>
internal static class PlanNotes
{
    /// <summary>Returns the leaks, each on one line.</summary>
    /// <param name="checks">The leak checks of the plan's split.</param>
    /// <param name="plan">The plan, for a list of several; null to leave it out.</param>
    public static IReadOnlyList<string> Warnings(IReadOnlyList<LeakCheck> checks, string? plan = null) =>
        [.. Texts(checks, LeakVerdict.Leak).Select(text => $"warning: {(plan is null ? "" : plan + ": ")}{text}")];

    /// <summary>Returns the other notes, each on one line. Those that ask for attention begin with "note:".</summary>
    /// <param name="checks">The leak checks of the plan's split.</param>
    public static IReadOnlyList<string> Of(Plan plan, IReadOnlyList<LeakCheck> checks)
    {
        string[] notes =
        [
            .. MissingClasses(plan.Data),
            .. SimilarClasses(plan.Data),
            .. FolderLayout.SameFolders(plan.Data.Images.Select(image => (image.Path, image.Subtype, image.Patient))),
            .. MixedPatients(plan.Data),
            .. plan.Data.LeftOut.Select(left => $"left out: {left.Text}"),
            .. plan.Weights.Notes.Select(note => $"weights: {note}"),
            .. OtherSizes(plan),
            .. UnusedHead(plan),
            .. RemovedVariables(plan),
            .. Texts(checks, LeakVerdict.Doubt),
        ];
        return
        [
            .. notes.Select(text => $"note: {text}"),
            .. checks.Any(check => check.Verdict == LeakVerdict.Leak)
                ? (string[])[]
                : [LeakChecks.InWords(checks, plan.Data.Images.Any(image => image.Side == Side.Test))],
        ];
    }

    /// <summary>Returns one line for each class without images on one of the sides.</summary>
    /// <param name="data">The images and their sides.</param>
    public static IEnumerable<string> MissingClasses(DataPlan data) =>
        from c in Enumerable.Range(0, data.Classes.Count)
        from side in Sides.In(data.Images.Select(image => image.Side))
        where !data.Images.Any(image => image.Class == c && image.Side == side)
        select $"class {data.Classes[c]} has no {Sides.Of(side)} images";

    private static IEnumerable<string> SimilarClasses(DataPlan data) =>
        from spellings in data.Classes.GroupBy(Spelling.Of, StringComparer.Ordinal)
        where spellings.Count() > 1
        select $"the classes {string.Join(" and ", spellings)} differ only in capitals, blanks or Unicode form";

    /// <summary>Patients may have images in several classes, or the spec may have found the same name twice.</summary>
    private static IEnumerable<string> MixedPatients(DataPlan data)
    {
        string[] mixed =
        [
            .. data
                .Images.Where(image => image.Patient.Length > 0)
                .GroupBy(image => image.Patient, StringComparer.Ordinal)
                .Where(patient => patient.DistinctBy(image => image.Class).Skip(1).Any())
                .Select(patient => patient.Key)
                .Order(StringComparer.Ordinal),
        ];
        return data.PatientsHash is null || mixed.Length == 0
            ? []
            :
            [
                $"{Plural.Of(mixed.Length, "patient")} with images in several classes: {Listing.Words(mixed, shown: 3)}; equal names are one patient",
            ];
    }

    private static IEnumerable<string> Texts(IReadOnlyList<LeakCheck> checks, LeakVerdict verdict) =>
        checks.Where(check => check.Verdict == verdict).Select(check => check.Text);

    private static IEnumerable<string> UnusedHead(Plan plan) =>
        plan is { Bottleneck: not null, FineTune: { StartFrom: not StartFrom.Bottleneck } stage }
            ?
            [
                $"{StageNames.FineTune} {(stage.StartFrom == StartFrom.Random ? "draws a new head" : "starts from the head of the weights")} (start_from: {SnakeCase.Of(stage.StartFrom)}), so the head that {StageNames.Bottleneck} trains is not used",
            ]
            : [];

    private static IEnumerable<string> RemovedVariables(Plan plan) =>
        plan.RemovedVariables.Count == 0
            ? []
            :
            [
                "ignored, because the plan decides threads, math paths and decoders: "
                    + Listing.Words([.. plan.RemovedVariables.Select(v => $"{v.Name}={v.Value}")]),
            ];

    /// <summary>Pretrained weights expect textures at one scale, and some contain a mean image of one size.</summary>
    private static IEnumerable<string> OtherSizes(Plan plan) =>
        from stage in plan.Stages
        where plan.Weights.TrainedAt is int && stage.Loop.InputSize != plan.Weights.TrainedAt
        select Invariant(
            $"{stage.Name} uses {stage.Loop.InputSize} x {stage.Loop.InputSize} images, but its weights were trained at {plan.Weights.TrainedAt} x {plan.Weights.TrainedAt}; input_size: {plan.Weights.TrainedAt} would match"
        );
}
