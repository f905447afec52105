using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Runs;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void Only_strictly_better_counts_as_in_Keras()
    {
        double[] accuracies = [0.5, 0.6, 0.6, 0.55, 0.7, 0.7, 0.7];
        EarlyStopping best = EarlyStopping.Initial;
        List<(int, int)> trail = [];
        for (int i = 0; i < accuracies.Length; i++)
        {
            best = best.Update(i + 1, new Scores(0, accuracies[i], 0, 0), Loop(MonitoredMetric.ValidationAccuracy));
            trail.Add((best.BestEpoch, best.EpochsWithoutImprovement));
        }

        Assert.Equal([(1, 0), (2, 0), (2, 1), (2, 2), (5, 0), (5, 1), (5, 2)], trail);
    }

    [Fact]
    public void The_kept_epoch_is_the_best_or_the_last()
    {
        var stopping = new EarlyStopping(BestEpoch: 2, BestValue: 0.5, EpochsWithoutImprovement: 3);

        Assert.Equal(
            (2, 5),
            (stopping.Kept(Loop(keep: KeptEpoch.Best), last: 5), stopping.Kept(Loop(keep: KeptEpoch.Last), last: 5))
        );
    }

    /// <summary>
    /// The rules of Keras's ModelCheckpoint (save_best_only) and EarlyStopping, applied to the complete curve. The
    /// first epoch with the largest value is kept, and training ends when as many epochs as the patience have passed
    /// since then.
    /// </summary>
    [Fact]
    public void The_first_of_the_best_epochs_is_kept_and_patience_counts_from_it() =>
        Gen.Select(Gen.Int[-2, 2].Array[1, 30], Gen.Int[1, 5], Gen.Enum<MonitoredMetric>())
            .Sample(
                (course, patience, metric) =>
                {
                    EarlyStopping best = EarlyStopping.Initial;
                    for (int epoch = 1; epoch <= course.Length; epoch++)
                    {
                        best = best.Update(epoch, ScoresOf(metric, course[epoch - 1]), Loop(metric));

                        int[] sofar = course[..epoch];
                        int first = Array.IndexOf(sofar, sofar.Max()) + 1;
                        Assert.Equal((first, (double)sofar.Max()), (best.BestEpoch, best.BestValue));
                        Assert.Equal(epoch - first, best.EpochsWithoutImprovement);
                        Assert.Equal(epoch - first >= patience, best.IsOutOfPatience(Loop(metric, patience: patience)));
                        Assert.False(best.IsOutOfPatience(Loop(metric)));
                    }
                }
            );

    /// <summary>
    /// The other scores change in the opposite direction, so that a rule that uses one of them fails.
    /// </summary>
    private static Scores ScoresOf(MonitoredMetric metric, double goodness) =>
        metric switch
        {
            MonitoredMetric.ValidationAccuracy => new Scores(goodness, goodness, -goodness, -goodness),
            MonitoredMetric.ValidationMacroF1 => new Scores(goodness, -goodness, goodness, -goodness),
            MonitoredMetric.ValidationLoss => new Scores(-goodness, -goodness, -goodness, -goodness),
            _ => throw new ArgumentOutOfRangeException(nameof(metric)),
        };

    [Fact]
    public void A_smaller_loss_is_better()
    {
        EarlyStopping best = EarlyStopping
            .Initial.Update(1, new Scores(2, 0, 0, 0), Loop())
            .Update(2, new Scores(3, 1, 1, 1), Loop())
            .Update(3, new Scores(1, 0, 0, 0), Loop());

        Assert.Equal((3, -1.0, 0), (best.BestEpoch, best.BestValue, best.EpochsWithoutImprovement));
    }

    private static LoopPlan Loop(
        MonitoredMetric monitor = MonitoredMetric.ValidationLoss,
        KeptEpoch keep = KeptEpoch.Best,
        int? patience = null
    ) => new(32, ResizeFilter.Bilinear, [4], 0.5, new AdamSpec(), 4, 2, 2, keep, monitor, patience);
}
