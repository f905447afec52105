using static TorchSharp.torch;

namespace BreakHis.Training.Backbones;

/// <summary>The pool between backbone and dense layers.</summary>
internal static class Pooling
{
    /// <summary>Mean over all places of a map: N×C×H×W to N×C.</summary>
    public static Tensor GlobalAverage(Tensor map) => map.mean([2L, 3L]);
}
