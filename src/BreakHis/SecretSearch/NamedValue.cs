namespace BreakHis.SecretSearch;

/// <summary>
/// Values that are named "value" or "default" and follow the name of what they are for, as in Kubernetes' files, JSON,
/// XML and Terraform.
/// </summary>
internal static class NamedValue
{
    private const int Window = 20;

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
