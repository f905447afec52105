using System.Diagnostics;
using BreakHis.Specs;
using TorchSharp.Modules;

namespace BreakHis.Training.Optimizers;

/// <summary>Creates the optimizer of a spec.</summary>
internal static class OptimizerFactory
{
    /// <summary>Creates an optimizer for named parameters.</summary>
    public static OptimizerHelper Create(
        OptimizerSpec spec,
        IEnumerable<(string Name, Parameter Parameter)> parameters
    ) =>
        spec switch
        {
            SgdSpec sgd => new SGD(
                parameters.Select(p => p.Parameter),
                sgd.LearningRate,
                sgd.Momentum,
                sgd.WeightDecay
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
            _ => throw new UnreachableException($"unknown: {spec}"),
        };
}
