using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;
using Onnx;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// Walks the ONNX graph of ML.NET's ResNet-18 from its input in parallel with our own modules, and takes the constants
/// of each convolution and batch norm. Every kernel, stride, padding and epsilon must match ours.
/// </summary>
internal sealed class OnnxResNet18
{
    private const double EpsilonTolerance = 1e-9;

    private readonly OnnxFile _graph;
    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    private OnnxResNet18(OnnxFile graph) => _graph = graph;

    /// <summary>The state of the backbone <c>resnet18_mlnet</c>.</summary>
    public static Dictionary<string, Tensor> State(string file)
    {
        var walk = new OnnxResNet18(OnnxFile.Read(file));
        using var backbone = Backbone.Create(ResNet18MlNet.Definition.Facts.Name, BackboneTraits.Default, META);
        string value = walk._graph.Input;
        foreach ((string name, nn.Module module) in backbone.named_modules())
        {
            value = module switch
            {
                ResidualStem stem => walk.Stem(value, name, stem),
                ResidualBlock block => walk.Block(value, name, block),
                _ => value,
            };
        }

        return walk._state;
    }

    /// <summary>BGR minus the mean image, from the package's preprocessing graph.</summary>
    public static Preprocessing Preprocessing(string file)
    {
        var prepare = OnnxFile.Read(file);
        NodeProto split = prepare.Next(prepare.Input, "Split");
        if (split.Output.Count != 3)
        {
            throw prepare.Unexpected($"splits the image into {Plural.Of(split.Output.Count, "plane")}, expected 3");
        }

        NodeProto concat = prepare.Next(prepare.OutputOf(split), "Concat");
        if (!concat.Input.SequenceEqual(split.Output.Reverse(), StringComparer.Ordinal))
        {
            throw prepare.Unexpected("does not reorder red, green, blue to blue, green, red");
        }

        NodeProto subtract = prepare.Next(prepare.OutputOf(concat), "Sub");
        (float[] mean, long[] shape) = prepare.Constant(prepare.InputOf(subtract, 1));
        return shape is [1, 3, > 0 and var height, > 0 and var width] && mean.All(float.IsFinite)
            ? Weights.Preprocessing.Uniform(ChannelOrder.Bgr, mean: 0, scale: 1) with
            {
                MeanImage = new MeanImage((int)height, (int)width, mean),
            }
            : throw prepare.Unexpected(
                $"subtracts the shape [{string.Join(", ", shape)}], expected finite numbers of [1, 3, height, width]"
            );
    }

    private string Stem(string value, string name, ResidualStem stem)
    {
        string map = Unit(value, $"{name}.unit", stem.Unit);
        return _graph.OutputOf(
            _graph.Next(map, "MaxPool", n => OnnxFile.Has(n, "kernel_shape", 3, 3) && HasWindow(n, 2, 1))
        );
    }

    private string Block(string value, string name, ResidualBlock block)
    {
        string last = block.Chain.Aggregate(value, (map, link) => Unit(map, $"{name}.{link.Name}", link.Unit));
        string shortcut = block.Projection is null ? value : Unit(value, $"{name}.projection", block.Projection);
        NodeProto sum = _graph.Next(last, "Add", n => n.Input.Contains(shortcut));
        return _graph.OutputOf(_graph.Next(_graph.OutputOf(sum), "Relu"));
    }

    private string Unit(string value, string name, ConvNormActivation unit)
    {
        ConvolutionShape shape = unit.Shape;
        NodeProto convolution = _graph.Next(value, "Conv", n => Fits(n, unit));
        Keep(
            $"{name}.conv.weight",
            _graph.InputOf(convolution, 1),
            [shape.Output, shape.Input, shape.KernelHeight, shape.KernelWidth]
        );

        NodeProto norm = _graph.Next(_graph.OutputOf(convolution), "BatchNormalization");
        if (Math.Abs(OnnxFile.Real(norm, "epsilon", 1e-5f) - unit.Norm.eps) > EpsilonTolerance)
        {
            throw _graph.Unexpected($"{norm.Name} has an epsilon other than {unit.Norm.eps}");
        }

        string[] parts = ["weight", "bias", "running_mean", "running_var"];
        for (int i = 0; i < parts.Length; i++)
        {
            Keep($"{name}.bn.{parts[i]}", _graph.InputOf(norm, 1 + i), [shape.Output]);
        }

        string normalized = _graph.OutputOf(norm);
        return unit.Activation == Activation.Relu ? _graph.OutputOf(_graph.Next(normalized, "Relu")) : normalized;
    }

    private void Keep(string name, string constant, long[] expected)
    {
        (float[] values, long[] shape) = _graph.Constant(constant);
        _state[name] = shape.SequenceEqual(expected)
            ? frombuffer(values, ScalarType.Float32).reshape(shape)
            : throw _graph.Unexpected(
                $"{constant}, for {name}, has shape [{string.Join(", ", shape)}], expected [{string.Join(", ", expected)}]"
            );
    }

    private static bool Fits(NodeProto node, ConvNormActivation unit)
    {
        ConvolutionShape shape = unit.Shape;
        return node.Input.Count == 2
            && OnnxFile.Has(node, "kernel_shape", shape.KernelHeight, shape.KernelWidth)
            && HasWindow(node, shape.Stride, shape.PaddingHeight);
    }

    /// <summary>Square windows; for the padding of those with stride two, see <see cref="ResNet18MlNet"/>.</summary>
    private static bool HasWindow(NodeProto node, int stride, int padding)
    {
        int after = Math.Max(0, padding - (stride - 1));
        return OnnxFile.Has(node, "strides", stride, stride)
            && OnnxFile.Has(node, "pads", padding, padding, after, after);
    }
}
