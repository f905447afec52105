using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Specs;

public sealed class ExampleTests
{
    [Fact]
    public void The_question_is_read_with_its_parent_and_its_matrix()
    {
        var file = SpecReader.Read(
            Repository.Path("tests/BreakHis.Tests/Specs/Examples/question-fine-tune.yaml"),
            [],
            null
        );

        Assert.Empty(file.Problems);
        Assert.Equal(2, file.Variants.Count);
        var variant = file.Variants[1];
        Assert.Equal([new MatrixChoice("stages.fine_tune.batch_norm", "inference")], variant.Choices);
        Assert.Equal(BatchNormMode.Inference, variant.Spec.Stages.FineTune!.BatchNorm);
        Assert.Equal(new TrainFrom(null, 172), variant.Spec.Stages.FineTune.TrainFrom);
        Assert.Equal(new SgdSpec { LearningRate = 0.0001, Momentum = 0.9 }, variant.Spec.Stages.FineTune.Optimizer);
        Assert.Equal(150, variant.Spec.Stages.Bottleneck.Epochs);
        Assert.Equal(Repository.Path("tests/BreakHis.Tests/Specs/data/BreaKHis_v1"), variant.DataPath);
        Assert.Null(variant.WeightsPath);
    }
}
