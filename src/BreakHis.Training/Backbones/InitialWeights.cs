using BreakHis.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>Initial weights of a backbone that is trained from scratch.</summary>
internal static class InitialWeights
{
    private const string Purpose = "initial weights";

    /// <summary>
    /// Draws every convolution from a normal distribution of variance 2 / (in x height x width) (He et al. 2015,
    /// arXiv:1502.01852), and sets batch norms to gamma 1, beta 0, mean 0, variance 1. Each parameter's draws derive
    /// from the seed and the parameter's name, so neither torch's generator nor the order of parameters matters.
    /// </summary>
    /// <param name="backbone">Its parameters and moving statistics are overwritten.</param>
    public static void Draw(Backbone backbone, long seed)
    {
        (string Name, ConvNormActivation Unit)[] units = [.. backbone.Units()];
        float[][] kernels = new float[units.Length][];
        ParallelWork.ForEach(
            units.Length,
            i => kernels[i] = Kernel(seed, $"{units[i].Name}.conv.weight", units[i].Unit.Shape),
            CancellationToken.None
        );
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((int i, (_, ConvNormActivation unit)) in units.Index())
        {
            unit.Convolution.weight.copy_(tensor(kernels[i], unit.Convolution.weight.shape));
            unit.Norm.reset_parameters();
            unit.Norm.reset_running_stats();
        }
    }

    private static float[] Kernel(long seed, string parameter, ConvolutionShape shape)
    {
        var random = RandomStream.From(seed, Purpose, item: parameter);
        int fanIn = shape.Input / shape.Groups * shape.KernelHeight * shape.KernelWidth;
        double deviation = Math.Sqrt(2.0 / fanIn);
        float[] values = new float[shape.Output * fanIn];
        Span<double> normal = stackalloc double[128];
        for (int begin = 0; begin < values.Length; begin += normal.Length)
        {
            Span<float> part = values.AsSpan(begin, Math.Min(normal.Length, values.Length - begin));
            NormalNumbers.Draw(random, normal[..part.Length]);
            for (int i = 0; i < part.Length; i++)
            {
                part[i] = (float)(deviation * normal[i]);
            }
        }

        return values;
    }
}
