using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Loop;

/// <summary>
/// What the training loop needs of a stage: the network, its inputs, the trained parameters and the saved state.
/// </summary>
/// <param name="Stage">bottleneck or fine_tune.</param>
/// <param name="Logits">Maps a batch of inputs to logits N×K.</param>
/// <param name="Inputs">
/// The inputs of images (indices into the plan's images) in an epoch; epoch 0 is unaugmented.
/// </param>
/// <param name="EnterTraining">Puts every layer into its training mode.</param>
/// <param name="EnterInference">Puts every layer into inference mode.</param>
/// <param name="Modules">The modules that produce the logits, in order, with their names in a trace.</param>
/// <param name="Trained">The parameters that the optimizer updates.</param>
/// <param name="State">All parameters and buffers by name, saved in checkpoints and restored in place.</param>
internal sealed record StageModel(
    string Stage,
    Func<Tensor, Tensor> Logits,
    Func<IReadOnlyList<int>, int, Tensor> Inputs,
    Action EnterTraining,
    Action EnterInference,
    IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> Modules,
    IReadOnlyList<(string Name, Parameter Parameter)> Trained,
    IReadOnlyList<(string Name, Tensor Tensor)> State
);
