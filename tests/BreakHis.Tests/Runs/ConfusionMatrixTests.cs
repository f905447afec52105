using BreakHis.Runs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Runs;

public sealed class ConfusionMatrixTests
{
    /// <summary>The worked example of scikit-learn's classification_report: y_true 0 1 2 2 2, y_pred 0 0 2 2 1.</summary>
    [Fact]
    public void The_published_example_is_reproduced()
    {
        var matrix = ConfusionMatrix.Of(3, [(0, 0), (1, 0), (2, 2), (2, 2), (2, 1)]);

        Assert.Equal(0.6, matrix.Accuracy, 12);
        Assert.Equal((0.5, 1.0, 2.0 / 3), (matrix.Precision(0), matrix.Recall(0), matrix.F1(0)));
        Assert.Equal((0.0, 0.0, 0.0), (matrix.Precision(1), matrix.Recall(1), matrix.F1(1)));
        Assert.Equal((1.0, 2.0 / 3, 0.8), (matrix.Precision(2), matrix.Recall(2), matrix.F1(2)));
        Assert.Equal((2.0 / 3 + 0.8) / 3, matrix.MacroF1, 12);
        Assert.Equal((1 + 0 + 2.0 / 3) / 3, matrix.BalancedAccuracy, 12);
    }

    [Fact]
    public void Scores_are_between_zero_and_one_and_ignore_order_and_names_of_classes() =>
        (
            from pairs in Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4]).Array[0, 60]
            from shift in Gen.Int[1, 4]
            select (pairs, shift)
        ).Sample(s =>
        {
            var matrix = ConfusionMatrix.Of(5, s.pairs);
            var renamed = ConfusionMatrix.Of(
                5,
                s.pairs.Reverse().Select(p => ((p.Item1 + s.shift) % 5, (p.Item2 + s.shift) % 5))
            );
            Assert.Equal(s.pairs.Length, matrix.Total);
            Assert.Equal(matrix.Accuracy, renamed.Accuracy, 12);
            Assert.Equal(matrix.MacroF1, renamed.MacroF1, 12);
            Assert.Equal(matrix.BalancedAccuracy, renamed.BalancedAccuracy, 12);
            Assert.InRange(matrix.MacroF1, 0, 1);
            Assert.InRange(matrix.BalancedAccuracy, 0, 1);
        });

    [Fact]
    public void A_class_that_neither_occurs_nor_is_predicted_is_ignored()
    {
        var matrix = ConfusionMatrix.Of(3, [(0, 0), (1, 1)]);

        Assert.Equal(1, matrix.MacroF1);
        Assert.Equal(1, matrix.BalancedAccuracy);
    }
}
