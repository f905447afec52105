using BreakHis.Training.Determinism;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>
/// Adam and AdamW as in TorchSharp, except for the square root and the powers. libtorch takes its float32 square root
/// from MKL, whose last bit differs between processor vendors; powers come from the C library.
/// </summary>
/// <remarks>The name of this class is part of the saved state, and therefore of recorded hashes.</remarks>
/// <param name="betas">The decays of the moments.</param>
/// <param name="epsilon">The term that keeps the division finite.</param>
/// <param name="decay">
/// Weight decay. If coupled, an L2 penalty; if decoupled, the fraction of a weight to remove, times the learning rate.
/// </param>
/// <param name="decoupled">Whether weight decay is decoupled, as in AdamW.</param>
internal sealed class PortableAdam(
    IEnumerable<Parameter> parameters,
    double learningRate,
    (double First, double Second) betas,
    double epsilon,
    double decay,
    bool decoupled
) : Adam(parameters, learningRate, betas.First, betas.Second, epsilon, decay)
{
    /// <summary>Updates every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

    /// <summary>
    /// The square root as the reciprocal of the reciprocal square root. For these two, libtorch uses the processor's
    /// own square root and division, which IEEE 754 defines to the last bit. Zero stays zero.
    /// </summary>
    internal static Tensor SquareRoot(Tensor values) => values.rsqrt().reciprocal_();

    /// <summary>An integer power, computed by multiplications, which round the same on every machine.</summary>
    internal static double Power(double value, long exponent)
    {
        double power = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            power *= (exponent & 1) == 1 ? value : 1;
            value *= value;
        }

        return power;
    }

    private void Update(ParamGroup group)
    {
        var options = (Options)group.Options;
        foreach (Parameter parameter in group.Parameters)
        {
            if (parameter.grad is Tensor gradient)
            {
                Update(parameter, gradient, (State)_state[parameter.Handle], options);
            }
        }
    }

    private void Update(Parameter parameter, Tensor gradient, State state, Options options)
    {
        (double first, double second) = (options.beta1!.Value, options.beta2!.Value);
        double rate = options.LearningRate!.Value;
        state.step++;
        gradient = Decay(parameter, gradient, rate, options.weight_decay!.Value);

        using var keptFirst = first.ToScalar();
        using var addedFirst = (1 - first).ToScalar();
        state.exp_avg.mul_(keptFirst).add_(gradient, addedFirst);
        using var keptSecond = second.ToScalar();
        using var addedSecond = (1 - second).ToScalar();
        state.exp_avg_sq.mul_(keptSecond).addcmul_(gradient, gradient, addedSecond);

        using var correction = Math.Sqrt(1 - Power(second, state.step)).ToScalar();
        using var added = options.eps!.Value.ToScalar();
        Tensor divisor = SquareRoot(state.exp_avg_sq).div_(correction).add_(added, SharedScalars.One);
        using var update = (-rate / (1 - Power(first, state.step))).ToScalar();
        parameter.addcdiv_(state.exp_avg, divisor, update);
    }

    /// <summary>Shrinks the parameter if decay is decoupled; otherwise returns the gradient with the L2 penalty.</summary>
    private Tensor Decay(Parameter parameter, Tensor gradient, double rate, double decay)
    {
        if (decay == 0)
        {
            return gradient;
        }

        using var factor = (decoupled ? 1 - rate * decay : decay).ToScalar();
        if (!decoupled)
        {
            return gradient.add(parameter, factor);
        }

        parameter.mul_(factor);
        return gradient;
    }
}
