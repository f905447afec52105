namespace BreakHis.Wording;

/// <summary>The first few of some things, and how many more there are.</summary>
public static class Listing
{
    private const int Shown = 5;

    /// <summary>For words: a, b and 3 more.</summary>
    public static string Words(IReadOnlyCollection<string> items, int shown = Shown) =>
        string.Join(", ", items.Take(shown)) + More(items.Count - shown, " and");

    /// <summary>For clauses, which may have commas of their own: a; b; and 3 more.</summary>
    public static string Clauses(IReadOnlyCollection<string> items) =>
        string.Join("; ", items.Take(Shown)) + More(items.Count - Shown, "; and");

    private static string More(int count, string joint) => count > 0 ? $"{joint} {count} more" : "";
}
