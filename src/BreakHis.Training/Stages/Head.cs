using BreakHis.Numerics;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// The dense layers on pooled features: hidden layers with ReLU and dropout, then one unit per class.
/// </summary>
internal sealed class Head : nn.Module<Tensor, Tensor>
{
    private readonly List<Linear> _layers = [];
    private readonly double _dropout;

    /// <summary>Creates a head with Glorot-uniform weights and zero biases, the defaults of Keras's Dense.</summary>
    /// <param name="features">Length of a feature vector.</param>
    /// <param name="dense">Units of the hidden layers.</param>
    /// <param name="dropout">Fraction of hidden activations dropped in training.</param>
    /// <param name="seed">The run's seed. The initial weights depend on nothing else.</param>
    public Head(int features, IReadOnlyList<int> dense, int classes, double dropout, long seed)
        : base("head")
    {
        _dropout = dropout;
        int inputs = features;
        foreach (int units in dense.Append(classes))
        {
            string layerName = RunNetwork.Layer(_layers.Count + 1);
            Linear layer = nn.Linear(inputs, units);
            DrawGlorotUniform(layer, inputs, units, RandomStream.From(seed, "initial head", item: layerName));
            register_module(layerName, layer);
            _layers.Add(layer);
            inputs = units;
        }
    }

    /// <summary>The layers in order, without the dropout and ReLU between them.</summary>
    public IReadOnlyList<(string Name, nn.Module<Tensor, Tensor> Module)> Modules =>
        [
            .. _layers.Select(
                (layer, i) => (RunNetwork.HeadPrefix + RunNetwork.Layer(i + 1), (nn.Module<Tensor, Tensor>)layer)
            ),
        ];

    /// <summary>The parameters, with their names in checkpoints.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Trained =>
        [.. named_parameters().Select(p => (RunNetwork.HeadPrefix + p.name, p.parameter))];

    /// <summary>All tensors, with their names in checkpoints.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> State =>
        [.. state_dict().Select(p => (RunNetwork.HeadPrefix + p.Key, p.Value))];

    /// <summary>Maps pooled features N×F to logits N×K.</summary>
    public override Tensor forward(Tensor input)
    {
        Tensor hidden = input;
        for (int i = 0; i < _layers.Count - 1; i++)
        {
            hidden = nn.functional.dropout(_layers[i].call(hidden).relu(), _dropout, training);
        }

        return _layers[^1].call(hidden);
    }

    /// <summary>Draws uniformly within ±sqrt(6 / (in + out)) (Glorot and Bengio 2010).</summary>
    private static void DrawGlorotUniform(Linear layer, int inputs, int units, RandomStream random)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double limit = Math.Sqrt(6.0 / (inputs + units));
        float[] weights = new float[inputs * units];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)random.Uniform(-limit, limit);
        }

        layer.weight.copy_(tensor(weights, [units, inputs]));
        layer.bias!.zero_();
    }
}
