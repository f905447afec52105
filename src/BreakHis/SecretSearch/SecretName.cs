namespace BreakHis.SecretSearch;

/// <summary>How surely the value of a name is a secret.</summary>
internal enum SecretWeight
{
    /// <summary>The name does not suggest a secret.</summary>
    None,

    /// <summary>A key, which may be a digest: the value must be random, and no digest.</summary>
    Key,

    /// <summary>A token, which may be one of text, of a table or of a cache: the value must be random.</summary>
    Weak,

    /// <summary>A key or token of a service: the value must mix letters with digits or signs.</summary>
    Medium,

    /// <summary>A password or secret: as above, or a long word.</summary>
    Strong,
}

/// <summary>Weighs the names of variables, settings, options and elements.</summary>
internal static class SecretName
{
    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    private static readonly char[] Digits = [.. "0123456789"];

    private const string Auth = "auth";
    private const string Credential = "credential";

    // A name of something elsewhere, as in existingSecret.
    private const string Existing = "existing";
    private const string Id = "id";
    private const string Key = "key";
    private const string Pass = "pass";
    private const string Pat = "pat";
    private const string PassOption = "--pass";
    private const string Secret = "secret";
    private const string Token = "token";

    // Names of passwords in several words: the last, and the one before it.
    private static readonly Dictionary<string, string> LastWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["code"] = Pass,
        ["passe"] = "de",
        ["phrase"] = Pass,
        ["khẩu"] = "mật",
        ["word"] = Pass,
    };

    /// <summary>Names that need not be those of secrets: their values must be random.</summary>
    public static readonly string[] OtherWords = ["bearer", "fernet", "jwt", "mdp", "sessionid"];

    // Names of what is public; the second is where .NET keeps the secrets of a project.
    private static readonly string[] Identifiers = ["publickey", "usersecretsid"];

    private static readonly string[] AnyWord = [Auth, Credential, Key, Pass, Secret, Token];

    /// <summary>Weighs a name.</summary>
    public static SecretWeight Weigh(ReadOnlySpan<char> name)
    {
        List<string> words = Words(name);
        SecretWeight weight = SecretWeight.None;
        if (name.Equals(PassOption, IgnoreCase))
        {
            return SecretWeight.Strong;
        }

        string joined = string.Concat(words);
        if (Array.Exists(Identifiers, identifier => joined.Contains(identifier, IgnoreCase)))
        {
            return weight;
        }

        for (int i = 0; i < words.Count; i++)
        {
            SecretWeight found = Weigh(words[i], i == 0 ? "" : words[i - 1], isLast: i == words.Count - 1);
            bool harmless =
                words.Skip(i + 1).Any(word => SecretWords.Harmless.Contains(word.TrimEnd(Digits)))
                || (i > 0 && words[i - 1].Equals(Existing, IgnoreCase))
                || (found <= SecretWeight.Weak && i > 0 && SecretWords.Harmless.Contains(words[i - 1]));
            weight = harmless || found < weight ? weight : found;
        }

        return weight;
    }

    /// <summary>
    /// Returns whether a name contains a word for a secret anywhere, as PASSKEY does. It also matches harmless names, such
    /// as AUTHOR.
    /// </summary>
    public static bool HasWord(string name) => Array.Exists(AnyWord, word => name.Contains(word, IgnoreCase));

    /// <summary>Returns whether the value of a name may be the name of a variable, as in token_env.</summary>
    public static bool IsOfVariable(ReadOnlySpan<char> name) =>
        Words(name) is [.., string last] && SecretWords.Variables.Contains(last);

    /// <summary>Returns whether a name is one word for a password.</summary>
    public static bool IsPassword(ReadOnlySpan<char> name) => name.IndexOfAny("-_.") < 0 && IsPassword(name.ToString());

    /// <summary>Returns whether a name says more than "key"; keys of GPG are mostly public ones.</summary>
    public static bool IsSpecific(ReadOnlySpan<char> name) =>
        Words(name) is var words
        && !(words is [string word] && IsOne(word, Key))
        // May be a pattern.
        && !(words is [.., string last] && IsOne(last, Pat))
        && !(words is [string first, ..] && first.Equals("gpg", IgnoreCase));

    private static SecretWeight Weigh(string word, string before, bool isLast) =>
        IsPassword(word)
        || (IsOne(word, "psk") && before.ToLowerInvariant() is "" or "wpa" or "wifi" or "wlan")
        || (LastWords.TryGetValue(word, out string? first) && first.Equals(before, IgnoreCase))
            ? SecretWeight.Strong
        // Before another word, as in pass_image, it is a verb.
        : (IsOne(word, Pass) && isLast && !SecretWords.Passes.Contains(before))
        || (IsOne(word, Pat) && !IsOne(before, Id) && SecretWords.Services.Contains(before))
        || (word.Length > 2 && word.EndsWith("pw", IgnoreCase))
        || (IsOne(word, "pw") && (before.Length == 0 || SecretWords.Owners.Contains(before)))
        || Array.Exists(SecretWords.JoinedKeys, joined => word.StartsWith(joined, IgnoreCase))
            ? SecretWeight.Medium
        : IsOne(word, Key) || IsOne(word, Token)
            ? SecretWords.Services.Contains(before.TrimEnd('s')) || SecretWords.Services.Contains(before)
                    ? SecretWeight.Medium
                : IsOne(word, Key) ? SecretWeight.Key
                : SecretWeight.Weak
        : word.EndsWith(Token, IgnoreCase)
        || IsOne(word, Credential)
        || IsOne(word, "cred")
        || IsOne(word, "pw")
        || IsOne(word, Pass)
        || (IsOne(word, Pat) && before.Length > 0 && isLast)
        || Array.Exists(SecretWords.DoubtfulForeignWords, foreign => IsOne(word, foreign))
        || IsOne(word, Auth)
        || Array.Exists(OtherWords, other => IsOne(word, other))
            ? SecretWeight.Weak
        : SecretWeight.None;

    private static bool IsPassword(string word) =>
        word.Contains("password", IgnoreCase)
        || word.Contains("passwd", IgnoreCase)
        || word.Contains("passphrase", IgnoreCase)
        || (
            word.Contains(Secret, IgnoreCase)
            && !Array.Exists(SecretWords.OfCells, stem => word.StartsWith(stem, IgnoreCase))
        )
        || SecretWords.ForeignWords.Contains(word.TrimEnd(Digits))
        || Array.Exists(SecretWords.ForeignStems, stem => word.Contains(stem, IgnoreCase))
        || word.TrimEnd("0123456789s".ToCharArray()).EndsWith("pwd", IgnoreCase)
        || IsOne(word, "pswd");

    private static bool IsOne(string word, string of)
    {
        string stem = word.TrimEnd(Digits);
        return stem.Equals(of, IgnoreCase) || (stem.Length == of.Length + 1 && stem.Equals(of + "s", IgnoreCase));
    }

    /// <summary>Returns the words of a name: separated by signs, or by capitals as in apiKey and APIKey.</summary>
    private static List<string> Words(ReadOnlySpan<char> name)
    {
        List<string> words = [];
        int from = 0;
        for (int i = 0; i <= name.Length; i++)
        {
            bool ends = i == name.Length || !char.IsLetterOrDigit(name[i]);
            bool hump =
                !ends
                && i > from
                && char.IsUpper(name[i])
                && (
                    !char.IsUpper(name[i - 1])
                    || (i + 1 < name.Length && char.IsLower(name[i + 1]) && name[(i + 1)..] is not "s")
                );
            if ((ends || hump) && i > from)
            {
                words.Add(name[from..i].ToString());
            }

            from =
                ends ? i + 1
                : hump ? i
                : from;
        }

        return words;
    }
}
