namespace BreakHis.Data;

/// <summary>The sides of a split, and what their images are called in sentences.</summary>
internal static class Sides
{
    /// <summary>The sides that every split has.</summary>
    public static IReadOnlyList<Side> Always { get; } = [Side.Train, Side.Validation];

    /// <summary>Returns the sides of a split: training, validation, and test if there are test images.</summary>
    /// <param name="sides">The side of each image.</param>
    public static IReadOnlyList<Side> In(IEnumerable<Side> sides) =>
        sides.Contains(Side.Test) ? [.. Always, Side.Test] : Always;

    /// <summary>Returns what the images of a side are for: training, validation or testing.</summary>
    public static string Purpose(Side side) => side == Side.Test ? "testing" : Of(side);

    /// <summary>Returns training, validation or test.</summary>
    public static string Of(Side side) =>
        side switch
        {
            Side.Train => "training",
            Side.Validation => "validation",
            Side.Test => "test",
            _ => throw new ArgumentOutOfRangeException(nameof(side)),
        };
}
