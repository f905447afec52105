namespace BreakHis.Wording;

/// <summary>Lists the first few items and the number of the others.</summary>
internal static class Listing
{
    /// <summary>How many items are listed.</summary>
    public const int Shown = 5;

    private const int Longest = 200;

    /// <summary>Joins words with commas: a, b and 3 more.</summary>
    public static string Words(IReadOnlyCollection<string> items, int shown = Shown) =>
        string.Join(", ", items.Take(shown).Select(item => Clipped.To(Longest, item)))
        + More(items.Count - shown, " and");

    /// <summary>Joins clauses that may contain commas: a; b; and 3 more.</summary>
    public static string Clauses(IReadOnlyCollection<string> items) =>
        string.Join("; ", items.Take(Shown)) + More(items.Count - Shown, "; and");

    /// <summary>Returns one line per item, and a last line "and 3 more".</summary>
    public static IEnumerable<string> Lines(IReadOnlyCollection<string> items, int shown) =>
        items.Take(shown).Concat(items.Count > shown ? [More(items.Count - shown, "and")] : []);

    private static string More(int count, string joint) => count > 0 ? $"{joint} {count} more" : "";
}
