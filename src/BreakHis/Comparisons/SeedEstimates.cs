using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>The accuracy of each seed, and how the accuracies vary over patients.</summary>
/// <param name="First">Of the first configuration, 0 to 1.</param>
/// <param name="Second">Of the second one, in the same order.</param>
internal sealed record SeedEstimates(
    IReadOnlyList<double> First,
    IReadOnlyList<double> Second,
    EstimateCovariances Covariances
)
{
    /// <summary>Returns the estimates of several seeds; null if there is only one.</summary>
    public static SeedEstimates? Of(PairedReadings paired) =>
        paired.Seeds.Count == 1
            ? null
            : new SeedEstimates(
                [.. paired.First.Select(Accuracy)],
                [.. paired.Second.Select(Accuracy)],
                Jackknife.Covariances(
                    [.. paired.First.Select(images => WithoutEach(images, paired.Patients))],
                    [.. paired.Second.Select(images => WithoutEach(images, paired.Patients))]
                )
            );

    /// <summary>The share of images classified correctly.</summary>
    public static double Accuracy(IReadOnlyList<Classification> images) =>
        (double)images.Count(image => image.IsCorrect) / images.Count;

    private static double[] WithoutEach(IReadOnlyList<Classification> images, int patients)
    {
        int[] correct = new int[patients];
        int[] count = new int[patients];
        foreach (Classification image in images)
        {
            correct[image.Patient] += image.IsCorrect ? 1 : 0;
            count[image.Patient]++;
        }

        int all = correct.Sum();
        return [.. correct.Zip(count, (right, of) => (double)(all - right) / (images.Count - of))];
    }
}
