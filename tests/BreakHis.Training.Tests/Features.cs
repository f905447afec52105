using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests;

/// <summary>The output of a backbone in inference mode for one square image.</summary>
internal static class Features
{
    public static float[] Pooled(Backbone backbone, Preprocessing preprocessing, byte[] rgb, int size)
    {
        float[] input = new float[rgb.Length];
        preprocessing.Apply(rgb, size, size, input);
        return Run(backbone, input, size, map => map.mean([2, 3]));
    }

    public static float[] Map(Backbone backbone, float[] input, int size) => Run(backbone, input, size, map => map);

    private static float[] Run(Backbone backbone, float[] input, int size, Func<Tensor, Tensor> end)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        backbone.eval();
        return end(backbone.call(tensor(input, [1, 3, size, size]))).contiguous().data<float>().ToArray();
    }
}
