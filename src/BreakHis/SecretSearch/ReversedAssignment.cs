namespace BreakHis.SecretSearch;

/// <summary>A value between quotes that an arrow assigns to the name after it, as in R.</summary>
internal static class ReversedAssignment
{
    private const int Window = 200;

    /// <summary>Returns the place of the value before a name; or null.</summary>
    /// <param name="start">Where the name begins.</param>
    public static int? Before(string text, int start)
    {
        int from = Math.Max(0, start - Window);
        ReadOnlySpan<char> before = text.AsSpan(from, start - from).TrimEnd(' ');
        if (!before.EndsWith("->"))
        {
            return null;
        }

        before = before[..^2].TrimEnd(' ');
        int open = before is [.., '"' or '\''] ? before[..^1].LastIndexOf(before[^1]) : -1;
        return open >= 0 && before[open..].IndexOfAny('\r', '\n') < 0 ? from + open : null;
    }
}
