namespace BreakHis.SecretSearch;

/// <summary>Recognises the contents of Kaggle's file, {"username": "...", "key": "..."}.</summary>
internal static class KaggleFile
{
    private const string User = "\"username\"";
    private const string Key = "\"key\"";
    private const int Window = 200;
    private const int ShortestKey = 8;

    /// <summary>Returns whether a text contains a user's name followed by a key.</summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        int next;
        for (int at = 0; (next = text[at..].IndexOf(User, StringComparison.Ordinal)) >= 0; at += User.Length)
        {
            at += next;
            ReadOnlySpan<char> rest = text.Slice(at + User.Length, Math.Min(Window, text.Length - at - User.Length));
            int key = rest.IndexOf(Key, StringComparison.Ordinal);
            if (key >= 0 && rest[..key].Trim(" \t\r\n") is [':', .., ','] && HasValue(rest[(key + Key.Length)..]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasValue(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> value = text.TrimStart(" \t\r\n:");
        return value.Length > 1 && value[0] == '"' && value[1..].IndexOfAny("\"\r\n") >= ShortestKey;
    }
}
