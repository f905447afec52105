using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;

namespace BreakHis.Tests.Comparisons;

/// <summary>Finished runs with predictions that a test chooses.</summary>
internal static class ComparedRuns
{
    /// <summary>A configuration of some runs.</summary>
    public static Configuration Of(string label, params RecordedRun[] runs) =>
        new(label, StageNames.Bottleneck, ["benign", "malignant"], runs);

    /// <summary>A run that classified images of two classes, in validation.</summary>
    /// <param name="images">Patient, and whether the image is classified correctly.</param>
    /// <param name="first">The number of the first image: images with the same number are the same.</param>
    public static RecordedRun Run(
        long seed,
        IReadOnlyList<(string Patient, bool IsCorrect)> images,
        string? fold = null,
        int first = 0,
        string? weights = null,
        RunState state = RunState.Finished
    ) =>
        new(
            new RunSummary($"{seed}-{fold}-{first}", "spec", state, seed, [], "f", "", null, null, null),
            state == RunState.Failed ? "the loss is NaN" : null,
            "a.yaml",
            "",
            fold is null
                ? """{"data":{"split":{"seed":1}}}"""
                : $"{{\"data\":{{\"split\":{{\"fold\":{fold},\"seed\":1}}}}}}",
            "",
            ["benign", "malignant"],
            [
                .. images.Select(
                    (image, i) =>
                        new PlannedImage($"{first + i}.png", "h", i % 2, image.Patient, "", 0, Side.Validation)
                ),
            ],
            [
                new RecordedStage(
                    StageNames.Bottleneck,
                    "",
                    null,
                    null,
                    [],
                    [.. images.Select((image, i) => Predicted(i, i % 2, image.IsCorrect))],
                    null
                ),
            ],
            weights is null
                ? []
                : [new ArtifactWritten(StageNames.Bottleneck, "", "bottleneck/best.safetensors", weights, 1)],
            [],
            [],
            []
        );

    private static ImagePredicted Predicted(int image, int truth, bool isCorrect) =>
        new(StageNames.Bottleneck, image, truth == 0 == isCorrect ? [0.75f, 0.25f] : [0.25f, 0.75f]);
}
