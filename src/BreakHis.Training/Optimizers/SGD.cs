using BreakHis.Training.Determinism;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum and weight decay, with the bits of TorchSharp's, which creates scalars
/// without an owner in every step (<see cref="SharedScalars"/>).
/// </summary>
/// <remarks>The name of this class is part of the saved state, and therefore of recorded hashes.</remarks>
/// <param name="momentum">The fraction of the last update that is added to the gradient.</param>
/// <param name="decay">The factor of the L2 penalty.</param>
internal sealed class SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum, double decay)
    : TorchSharp.Modules.SGD(parameters, learningRate, momentum, weight_decay: decay)
{
    /// <summary>Updates every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(Update, closure);

    private void Update(ParamGroup group)
    {
        var options = (Options)group.Options;
        using var update = (-options.LearningRate!.Value).ToScalar();
        using var keptVelocity = options.momentum!.Value.ToScalar();
        using var penalty = options.weight_decay!.Value.ToScalar();
        foreach (Parameter parameter in group.Parameters)
        {
            if (parameter.grad is Tensor gradient)
            {
                Tensor penalized = options.weight_decay == 0 ? gradient : gradient.add(parameter, penalty);
                Tensor step =
                    options.momentum == 0
                        ? penalized
                        : Accumulated((State)_state[parameter.Handle], penalized, keptVelocity);
                parameter.add_(step, update);
            }
        }
    }

    private static Tensor Accumulated(State state, Tensor gradient, Scalar momentum)
    {
        if (state.momentum_buffer is Tensor buffer)
        {
            return buffer.mul_(momentum).add_(gradient, SharedScalars.One);
        }

        state.momentum_buffer = gradient.clone().detach().DetachFromDisposeScope();
        return state.momentum_buffer;
    }
}
