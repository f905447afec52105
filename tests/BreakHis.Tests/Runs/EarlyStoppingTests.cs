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
            best = best.Update(i + 1, new Scores(0, accuracies[i], 0, 0), MonitoredMetric.ValidationAccuracy);
            trail.Add((best.BestEpoch, best.EpochsWithoutImprovement));
        }

        Assert.Equal([(1, 0), (2, 0), (2, 1), (2, 2), (5, 0), (5, 1), (5, 2)], trail);
    }

    /// <summary>The rules of Keras's ModelCheckpoint (save_best_only) and EarlyStopping, side by side with ours.</summary>
    [Fact]
    public void The_kept_epoch_and_the_end_are_Kerass_for_any_course() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 30], Gen.Int[1, 5])
            .Sample(
                (course, patience) =>
                {
                    double kept = double.NegativeInfinity;
                    int keptEpoch = 0;
                    int wait = 0;
                    EarlyStopping best = EarlyStopping.Initial;
                    for (int epoch = 1; epoch <= course.Length; epoch++)
                    {
                        double accuracy = course[epoch - 1] / 4.0;
                        best = best.Update(epoch, new Scores(0, accuracy, 0, 0), MonitoredMetric.ValidationAccuracy);
                        bool better = accuracy > kept;
                        (kept, keptEpoch, wait) = better ? (accuracy, epoch, 0) : (kept, keptEpoch, wait + 1);

                        Assert.Equal((keptEpoch, kept), (best.BestEpoch, best.BestValue));
                        Assert.Equal(wait >= patience, best.IsOutOf(patience));
                        Assert.False(best.IsOutOf(null));
                        if (wait >= patience)
                        {
                            break;
                        }
                    }
                }
            );

    [Fact]
    public void A_loss_is_better_when_it_is_smaller()
    {
        EarlyStopping best = EarlyStopping
            .Initial.Update(1, new Scores(2, 0, 0, 0), MonitoredMetric.ValidationLoss)
            .Update(2, new Scores(3, 1, 1, 1), MonitoredMetric.ValidationLoss)
            .Update(3, new Scores(1, 0, 0, 0), MonitoredMetric.ValidationLoss);

        Assert.Equal((3, -1.0, 0), (best.BestEpoch, best.BestValue, best.EpochsWithoutImprovement));
    }
}
