using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>Files that look like images of the data set but are not used, or folders that contain nothing.</summary>
/// <param name="One">What they are, in the singular, such as "image without a BreaKHis name".</param>
/// <param name="Many">The same in the plural.</param>
/// <param name="Paths">Relative paths with forward slashes, in ordinal order, or lines of a file; at least one.</param>
public sealed record LeftOut(string One, string Many, IReadOnlyList<string> Paths)
{
    /// <summary>Whether that is expected: previews, images that the spec excludes, lines for other images.</summary>
    public bool IsUsual { get; init; }

    private const int MostListed = 1_000;

    /// <summary>The paths, one per line; of very many, the first 1,000 and the number of the others.</summary>
    public IEnumerable<string> Lines => Listing.Lines(Paths, MostListed);

    /// <summary>Number, kind and first paths, on one line.</summary>
    public string Text => $"{Plural.Of(Paths.Count, One, Many)}: {Listing.Words(Paths)}";

    /// <summary>Returns these paths as an entry, or nothing if there are none.</summary>
    internal static IEnumerable<LeftOut> Any(
        string one,
        string many,
        IEnumerable<string> paths,
        bool isUsual = false
    ) =>
        (string[])[.. paths.Order(StringComparer.Ordinal)] is { Length: > 0 } some
            ? [new(one, many, some) { IsUsual = isUsual }]
            : [];
}
