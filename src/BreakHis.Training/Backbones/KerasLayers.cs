namespace BreakHis.Training.Backbones;

/// <summary>
/// Where Keras 2 counts the convolutions and batch norms of its Inception V3 without top, among all 311 layers: a model
/// lists its layers by depth, so that a block's branches are interleaved. Blocks of one kind repeat one pattern.
/// </summary>
internal static class KerasLayers
{
    private static readonly Pattern s_stem = new([0, 3, 6, 10, 13], [1, 4, 7, 11, 14]);

    private static readonly Pattern s_squares = new([10, 3, 11, 0, 4, 12, 13], [14, 5, 15, 1, 6, 16, 17]);

    private static readonly Pattern s_firstReduction = new([6, 0, 3, 7], [8, 1, 4, 9]);

    private static readonly Pattern s_strips = new(
        [19, 6, 12, 20, 0, 3, 7, 13, 21, 22],
        [23, 8, 14, 24, 1, 4, 9, 15, 25, 26]
    );

    private static readonly Pattern s_secondReduction = new([6, 12, 0, 3, 7, 13], [8, 14, 1, 4, 9, 15]);

    private static readonly Pattern s_forks = new([14, 3, 9, 10, 0, 4, 11, 12, 19], [20, 5, 15, 16, 1, 6, 17, 18, 25]);

    /// <summary>The index of the first convolution of the stem and of each block, in torchvision's order.</summary>
    private static readonly (int First, Pattern Pattern)[] s_blocks =
    [
        (1, s_stem),
        (18, s_squares),
        (41, s_squares),
        (64, s_squares),
        (87, s_firstReduction),
        (101, s_strips),
        (133, s_strips),
        (165, s_strips),
        (197, s_strips),
        (229, s_secondReduction),
        (249, s_forks),
        (280, s_forks),
    ];

    /// <summary>
    /// For the N-th convolution in torchvision's module order, Keras's conv2d_N: the index of its layer and of its batch
    /// norm's.
    /// </summary>
    public static IReadOnlyList<(int Convolution, int Norm)> InceptionV3 { get; } =
    [.. s_blocks.SelectMany(b => b.Pattern.Convolutions.Zip(b.Pattern.Norms, (c, n) => (b.First + c, b.First + n)))];

    /// <summary>Places of a block's convolutions and batch norms, in torchvision's order, from its first layer on.</summary>
    private sealed record Pattern(int[] Convolutions, int[] Norms);
}
