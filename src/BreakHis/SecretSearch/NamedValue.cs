namespace BreakHis.SecretSearch;

/// <summary>
/// Values that are named "value" or "default" and follow the name of what they are for, as in Kubernetes' files, JSON,
/// XML and Terraform.
/// </summary>
internal static class NamedValue
{
    private const int Window = 20;
    private const int WindowBefore = 200;

    private static readonly string[] Keys = ["value", "default"];

    /// <summary>Returns the place after the key and its separator, or null.</summary>
    public static int? After(string text, int at)
    {
        int next = Skip(text, at, " \t\r\n,{\"'");
        string? key = Array.Find(
            Keys,
            candidate => text.AsSpan(next).StartsWith(candidate, StringComparison.OrdinalIgnoreCase)
        );
        if (key is null || next == at)
        {
            return null;
        }

        int end = Skip(text, next + key.Length, " \t\"'");
        return end < text.Length && text[end] is '=' or ':' ? end + 1 : null;
    }

    /// <summary>
    /// Returns the place after the key of a value that comes before the name, as in "value: ..., name: DB_PASSWORD"; or
    /// null.
    /// </summary>
    /// <param name="start">Where the name begins.</param>
    public static int? Before(string text, int start)
    {
        int from = Math.Max(0, start - WindowBefore);
        ReadOnlySpan<char> before = text.AsSpan(from, start - from).TrimEnd(" \"'");
        if (before is not [.., ':' or '='])
        {
            return null;
        }

        before = before[..^1].TrimEnd(" \"'");
        if (!before.EndsWith("name", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        int key = before.LastIndexOf("value", StringComparison.OrdinalIgnoreCase);
        int end = key < 0 ? 0 : Skip(text, from + key + "value".Length, " \t\"'");
        return end > 0 && text[end] is '=' or ':' && before[(end - from)..].Count('\n') <= 1 ? end + 1 : null;
    }

    private static int Skip(string text, int at, string blanks)
    {
        int end = Math.Min(text.Length, at + Window);
        while (at < end && blanks.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }
}
