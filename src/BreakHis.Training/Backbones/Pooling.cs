using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>The pooling between the backbone and the dense layers.</summary>
internal static class Pooling
{
    /// <summary>Means over all positions of a feature map: N×C×H×W to N×C.</summary>
    public static Tensor GlobalAverage(Tensor map) => map.mean([2L, 3L]);
}
