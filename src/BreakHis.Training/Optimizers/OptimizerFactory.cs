using BreakHis.Specs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>Makes the optimizer that a spec names.</summary>
internal static class OptimizerFactory
{
    /// <summary>An optimizer over named parameters.</summary>
    public static OptimizerHelper Create(
        OptimizerSpec spec,
        IEnumerable<(string Name, Parameter Parameter)> parameters
    ) =>
        spec switch
        {
            SgdSpec sgd => optim.SGD(
                parameters,
                sgd.LearningRate,
                momentum: sgd.Momentum,
                weight_decay: sgd.WeightDecay
            ),
            AdamWSpec adam => new PortableAdam(
                parameters.Select(p => p.Parameter),
                adam.LearningRate,
                (adam.Beta1, adam.Beta2),
                adam.Epsilon,
                adam.WeightDecay,
                decoupled: true
            ),
            AdamSpec adam => new PortableAdam(
                parameters.Select(p => p.Parameter),
                adam.LearningRate,
                (adam.Beta1, adam.Beta2),
                adam.Epsilon,
                adam.WeightDecay,
                decoupled: false
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec, "not an optimizer"),
        };
}
