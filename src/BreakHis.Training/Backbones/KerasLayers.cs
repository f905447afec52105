namespace BreakHis.Training.Backbones;

/// <summary>
/// Layer indices of the convolutions and batch norms in Keras 2's Inception V3 without top, which has 311 layers. Keras
/// lists layers by depth, so a block's branches are interleaved. Blocks of the same kind repeat a pattern.
/// </summary>
internal static class KerasLayers
{
    private static readonly Pattern Stem = new([0, 3, 6, 10, 13], [1, 4, 7, 11, 14]);

    private static readonly Pattern Squares = new([10, 3, 11, 0, 4, 12, 13], [14, 5, 15, 1, 6, 16, 17]);

    private static readonly Pattern FirstReduction = new([6, 0, 3, 7], [8, 1, 4, 9]);

    private static readonly Pattern Strips = new(
        [19, 6, 12, 20, 0, 3, 7, 13, 21, 22],
        [23, 8, 14, 24, 1, 4, 9, 15, 25, 26]
    );

    private static readonly Pattern SecondReduction = new([6, 12, 0, 3, 7, 13], [8, 14, 1, 4, 9, 15]);

    private static readonly Pattern Forks = new([14, 3, 9, 10, 0, 4, 11, 12, 19], [20, 5, 15, 16, 1, 6, 17, 18, 25]);

    /// <summary>
    /// The layer index of the first convolution of the stem and of each block, in torchvision's order.
    /// </summary>
    private static readonly (int First, Pattern Pattern)[] Blocks =
    [
        (1, Stem),
        (18, Squares),
        (41, Squares),
        (64, Squares),
        (87, FirstReduction),
        (101, Strips),
        (133, Strips),
        (165, Strips),
        (197, Strips),
        (229, SecondReduction),
        (249, Forks),
        (280, Forks),
    ];

    /// <summary>
    /// The layer index of each convolution and its batch norm. Entry N belongs to the N-th convolution in torchvision's
    /// module order, which is Keras's conv2d_N.
    /// </summary>
    public static IReadOnlyList<(int Convolution, int Norm)> InceptionV3 { get; } =
    [.. Blocks.SelectMany(b => b.Pattern.Convolutions.Zip(b.Pattern.Norms, (c, n) => (b.First + c, b.First + n)))];

    /// <summary>
    /// Layer offsets of a block's convolutions and batch norms from its first layer, in torchvision's order.
    /// </summary>
    private sealed record Pattern(int[] Convolutions, int[] Norms);
}
