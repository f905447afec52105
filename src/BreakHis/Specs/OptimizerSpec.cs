using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>An optimizer with its settings.</summary>
[Alternative("adam", typeof(AdamSpec))]
[Alternative("adamw", typeof(AdamWSpec))]
[Alternative("sgd", typeof(SgdSpec))]
public abstract record OptimizerSpec
{
    /// <summary>The learning rate, constant throughout the stage.</summary>
    [Numbers(Above = 0)]
    public double LearningRate { get; init; } = 0.001;
}

/// <summary>Stochastic gradient descent.</summary>
public sealed record SgdSpec : OptimizerSpec
{
    /// <summary>Momentum, at least 0 and below 1.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Momentum { get; init; }

    /// <summary>L2 weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; }
}

/// <summary>Adam (Kingma and Ba 2015, arXiv:1412.6980).</summary>
public sealed record AdamSpec : OptimizerSpec
{
    /// <summary>Decay rate of the first moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay rate of the second moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Constant added to the denominator to avoid division by zero.</summary>
    [Numbers(Above = 0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>L2 weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; }
}

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).</summary>
public sealed record AdamWSpec : OptimizerSpec
{
    /// <summary>Decay rate of the first moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay rate of the second moment.</summary>
    [Numbers(AtLeast = 0, Below = 1)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Constant added to the denominator to avoid division by zero.</summary>
    [Numbers(Above = 0)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay.</summary>
    [Numbers(AtLeast = 0)]
    public double WeightDecay { get; init; } = 0.01;
}
