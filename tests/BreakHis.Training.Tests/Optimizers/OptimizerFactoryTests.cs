using BreakHis.Specs;
using BreakHis.Training.Optimizers;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Optimizers;

public sealed class OptimizerFactoryTests
{
    public static TheoryData<Type> Optimizers =>
        [
            .. typeof(OptimizerSpec)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(OptimizerSpec)) && !type.IsAbstract),
        ];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Every_optimizer_of_a_spec_can_be_created(Type type)
    {
        var spec = (OptimizerSpec)Activator.CreateInstance(type)!;
        using var weights = new Parameter(ones(2));

        using OptimizerHelper optimizer = OptimizerFactory.Create(spec, [("weights", weights)]);

        Assert.Equal(spec.LearningRate, Assert.Single(optimizer.ParamGroups).LearningRate);
    }
}
