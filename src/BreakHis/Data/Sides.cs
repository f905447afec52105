using System.Diagnostics;

namespace BreakHis.Data;

/// <summary>The sides of a split, and what their images are called in sentences.</summary>
internal static class Sides
{
    private static readonly Dictionary<string, Side> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = Side.Train,
        ["training"] = Side.Train,
        ["val"] = Side.Validation,
        ["valid"] = Side.Validation,
        ["validate"] = Side.Validation,
        ["validation"] = Side.Validation,
        ["dev"] = Side.Validation,
        ["test"] = Side.Test,
        ["testing"] = Side.Test,
    };

    // What may follow a side in a name, longer ones first.
    private static readonly string[] Endings = ["dataset", "images", "split", "data", "set"];

    /// <summary>The sides that every split has.</summary>
    public static IReadOnlyList<Side> Always { get; } = [Side.Train, Side.Validation];

    /// <summary>Returns the sides of a split: training, validation, and test if there are test images.</summary>
    /// <param name="sides">The side of each image.</param>
    public static IReadOnlyList<Side> In(IEnumerable<Side> sides) =>
        sides.Contains(Side.Test) ? [.. Always, Side.Test] : Always;

    /// <summary>
    /// Returns the side with this name, in capitals or not, with or without "set", "data" and the like or a year at the
    /// end, such as Train, train_data, "test set" or val2017; or null.
    /// </summary>
    public static Side? Named(string name)
    {
        string plain = new([.. name.Where(c => c is not ('_' or '-' or ' '))]);
        plain = WithoutYear(plain);
        string ending = Array.Find(Endings, end => plain.EndsWith(end, StringComparison.OrdinalIgnoreCase)) ?? "";
        return ByName.TryGetValue(plain[..^ending.Length], out Side side) ? side : null;
    }

    private static string WithoutYear(string name) =>
        name.Length > 4 && (name[^4..^2] is "19" or "20") && char.IsAsciiDigit(name[^2]) && char.IsAsciiDigit(name[^1])
            ? name[..^4]
            : name;

    /// <summary>Returns the word for a side in the ledger and in split files: train, validation or test.</summary>
    public static string Word(Side side) =>
        side switch
        {
            Side.Train => "train",
            Side.Validation => "validation",
            Side.Test => "test",
            _ => throw new UnreachableException($"unknown: {side}"),
        };

    /// <summary>Returns what the images of a side are for: training, validation or testing.</summary>
    public static string Purpose(Side side) =>
        side switch
        {
            Side.Train or Side.Validation => Of(side),
            Side.Test => "testing",
            _ => throw new UnreachableException($"unknown: {side}"),
        };

    /// <summary>Returns training, validation or test.</summary>
    public static string Of(Side side) =>
        side switch
        {
            Side.Train => "training",
            Side.Validation => "validation",
            Side.Test => "test",
            _ => throw new UnreachableException($"unknown: {side}"),
        };
}
