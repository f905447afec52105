namespace BreakHis.SecretSearch;

/// <summary>Values that the property or function of a name returns.</summary>
internal static class ReturnedValue
{
    private const int Window = 80;

    /// <summary>Returns the place after "return" or an arrow in the body that follows a name, or null.</summary>
    public static int? After(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        int end = rest.IndexOfAny('"', '\'', ';');
        ReadOnlySpan<char> before = (end < 0 ? rest : rest[..end]).TrimEnd();
        bool hasBody = before is ['(', ..]
            ? before.Contains(')')
            : before.TrimStart() is ['{', .. var body] && body.TrimStart().StartsWith("get");
        int sign =
            before.EndsWith("=>") ? before.Length
            : before.EndsWith("return") ? before.Length
            : -1;
        return hasBody && sign > 0 ? at + sign : null;
    }
}
