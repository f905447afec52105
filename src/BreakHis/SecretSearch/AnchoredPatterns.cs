using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Patterns that begin with \A, at any place of a text.</summary>
internal static class AnchoredPatterns
{
    private const int Window = 600;

    /// <summary>Returns the place after the match that begins at a place, or null. Looks at a bounded number of characters.</summary>
    public static int? EndOf(this Regex pattern, string text, int at)
    {
        foreach (ValueMatch match in pattern.EnumerateMatches(text.AsSpan(at, Math.Min(Window, text.Length - at))))
        {
            return at + match.Length;
        }

        return null;
    }
}
