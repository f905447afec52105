namespace BreakHis.SecretSearch;

/// <summary>Recognises the value that a command gets as a password.</summary>
internal static class GivenPassword
{
    private const int ShortestPassword = 6;
    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Returns whether a value is a secret where one is expected.</summary>
    public static bool IsGiven(string value) => new Assignment(SecretWeight.Strong, ValueForm.Plain, value).IsSecret();

    /// <summary>What is certainly a password, if it is not a placeholder, a variable or the word itself. A random
    /// password may contain such a word.</summary>
    public static bool IsAnything(string value) =>
        value.Length >= ShortestPassword
        && (!SecretName.HasWord(value) || Randomness.IsRandom(value))
        && !value.Contains('$', Ordinal)
        && !Placeholders.IsWhole(value);

    /// <summary>Returns whether a word is a user with a password.</summary>
    /// <param name="line">The command.</param>
    public static bool IsUserAndPassword(string word, string line)
    {
        bool isShare = line.Contains("smb", StringComparison.OrdinalIgnoreCase);
        int sign = word.IndexOf(isShare ? '%' : ':', Ordinal);
        // A date of "date -u" is no user.
        string password = sign > 0 && word[0] != '+' ? word[(sign + 1)..] : "";
        // Other programs have another -u, of which the word may be anything.
        return IsGiven(password)
            || ((isShare || line.Contains("curl", StringComparison.OrdinalIgnoreCase)) && IsAnything(password));
    }
}
