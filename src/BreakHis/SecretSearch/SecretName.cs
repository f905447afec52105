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
    private const string Key = "key";
    private const string Pass = "pass";
    private const string Secret = "secret";
    private const string Token = "token";

    // Words for a password in other languages, some also without accents, that are hardly part of other words.
    private static readonly string[] ForeignStems =
    [
        "passwort",
        "kennwort",
        "contrasena",
        "contraseña",
        "wachtwoord",
        "motdepasse",
        "passord",
        "lösenord",
        "losenord",
        "adgangskode",
        "salasana",
        "lozinka",
        "jelszo",
        "jelszó",
        "matkhau",
        "парол",
        "κωδικός",
        "密码",
        "密碼",
        "口令",
        "パスワード",
        "비밀번호",
    ];

    // Such words that are part of other words.
    private static readonly HashSet<string> ForeignWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "senha",
        "senhas",
        "parola",
        "parolă",
        "haslo",
        "hasło",
        "heslo",
        "geslo",
        "sifre",
        "şifre",
        "ŞİFRE",
        "암호",
    };

    // Such words that also mean something else.
    private static readonly string[] DoubtfulForeignWords = ["clave", "passe", "khẩu"];

    /// <summary>What the names of passwords in other languages contain.</summary>
    public static readonly string[] ForeignPasswords = [.. ForeignStems, .. ForeignWords, .. DoubtfulForeignWords];

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

    private static readonly string[] AnyWord = [Auth, Credential, Key, Pass, Secret, Token];

    // After these words, "key" or "token" belongs to a service.
    private static readonly HashSet<string> Services = new(StringComparer.OrdinalIgnoreCase)
    {
        "access",
        "account",
        "aes",
        "anthropic",
        "api",
        "auth",
        "aws",
        "bearer",
        "bot",
        "client",
        "deploy",
        "docker",
        "encryption",
        "gh",
        "github",
        "gitlab",
        "hf",
        "hub",
        "hook",
        "id",
        "kaggle",
        "license",
        "login",
        "master",
        "npm",
        "nuget",
        "oauth",
        "openai",
        "private",
        "pypi",
        "refresh",
        "secret",
        "service",
        "session",
        "shared",
        "signing",
        "slack",
        "ssh",
        "storage",
        "subscription",
        "telegram",
        "user",
        "vault",
        "wandb",
        "webhook",
    };

    // After these words, "pass" is a part of a computation or a filter.
    private static readonly HashSet<string> Passes = new(StringComparer.OrdinalIgnoreCase)
    {
        "backward",
        "band",
        "first",
        "forward",
        "high",
        "low",
        "second",
        "single",
    };

    private static readonly string[] JoinedKeys =
    [
        "apikey",
        "accesskey",
        "accountkey",
        "authkey",
        "clientkey",
        "encryptionkey",
        "privatekey",
        "secretkey",
        "sharedkey",
        "signingkey",
        "accesstoken",
        "apitoken",
        "authtoken",
        "refreshtoken",
        "bearertoken",
        "pgpass",
        "dbpass",
        "userpass",
        "mypass",
        "adminpass",
        "passcode",
        "requirepass",
        "rootpass",
        "smtppass",
        "sshpass",
    ];

    // What cells secrete is not secret.
    private static readonly string[] OfCells = ["secretag", "secreted", "secretin", "secretion", "secreto"];

    // Before or after the word, these make it something that is not secret.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "algo",
        "algorithm",
        "class",
        "column",
        "checksum",
        "count",
        "description",
        "digest",
        "dir",
        "endpoint",
        "error",
        "expiration",
        "expires",
        "expiry",
        "field",
        "file",
        "filename",
        "fingerprint",
        "folder",
        "format",
        "handler",
        "hash",
        "help",
        "hint",
        "icon",
        "index",
        "kind",
        "label",
        "keyserver",
        "len",
        "length",
        "manager",
        "message",
        "md",
        "method",
        "mode",
        "msg",
        "name",
        "namespace",
        "path",
        "pattern",
        "policy",
        "prefix",
        "prompt",
        "public",
        "provider",
        "regex",
        "recv",
        "ref",
        "reference",
        "refs",
        "regexp",
        "scope",
        "scopes",
        "server",
        "size",
        "sha",
        "stdin",
        "store",
        "suffix",
        "text",
        "title",
        "type",
        "types",
        "uri",
        "url",
        "validator",
        "version",
    };

    /// <summary>Weighs a name.</summary>
    public static SecretWeight Weigh(ReadOnlySpan<char> name)
    {
        List<string> words = Words(name);
        SecretWeight weight = SecretWeight.None;
        if (string.Concat(words).Contains("publickey", IgnoreCase))
        {
            return weight;
        }

        for (int i = 0; i < words.Count; i++)
        {
            SecretWeight found = Weigh(words[i], i == 0 ? "" : words[i - 1], isLast: i == words.Count - 1);
            bool harmless =
                words.Skip(i + 1).Any(word => Harmless.Contains(word.TrimEnd(Digits)))
                || (i > 0 && words[i - 1].Equals(Existing, IgnoreCase))
                || (found <= SecretWeight.Weak && i > 0 && Harmless.Contains(words[i - 1]));
            weight = harmless || found < weight ? weight : found;
        }

        return weight;
    }

    /// <summary>
    /// Returns whether a name contains a word for a secret anywhere, as PASSKEY does. It also matches harmless names, such
    /// as AUTHOR.
    /// </summary>
    public static bool HasWord(string name) => Array.Exists(AnyWord, word => name.Contains(word, IgnoreCase));

    /// <summary>Returns whether a name is one word for a password.</summary>
    public static bool IsPassword(ReadOnlySpan<char> name) => name.IndexOfAny("-_.") < 0 && IsPassword(name.ToString());

    /// <summary>Returns whether a name says more than "key"; keys of GPG are mostly public ones.</summary>
    public static bool IsSpecific(ReadOnlySpan<char> name) =>
        Words(name) is var words
        && !(words is [string word] && IsOne(word, Key))
        && !(words is [string first, ..] && first.Equals("gpg", IgnoreCase));

    private static SecretWeight Weigh(string word, string before, bool isLast) =>
        IsPassword(word)
        || (IsOne(word, "psk") && before.ToLowerInvariant() is "" or "wpa" or "wifi" or "wlan")
        || (LastWords.TryGetValue(word, out string? first) && first.Equals(before, IgnoreCase))
            ? SecretWeight.Strong
        // Before another word, as in pass_image, it is a verb.
        : (IsOne(word, Pass) && isLast && !Passes.Contains(before))
        || (IsOne(word, "pat") && Services.Contains(before))
        || (word.Length > 2 && word.EndsWith("pw", IgnoreCase))
        || (IsOne(word, "pw") && before.Length == 0)
        || Array.Exists(JoinedKeys, joined => word.StartsWith(joined, IgnoreCase))
            ? SecretWeight.Medium
        : IsOne(word, Key) || IsOne(word, Token)
            ? Services.Contains(before.TrimEnd('s')) || Services.Contains(before) ? SecretWeight.Medium
                : IsOne(word, Key) ? SecretWeight.Key
                : SecretWeight.Weak
        : word.EndsWith(Token, IgnoreCase)
        || IsOne(word, Credential)
        || IsOne(word, "cred")
        || IsOne(word, "pw")
        || IsOne(word, Pass)
        || Array.Exists(DoubtfulForeignWords, foreign => IsOne(word, foreign))
        || IsOne(word, Auth)
        || Array.Exists(OtherWords, other => IsOne(word, other))
            ? SecretWeight.Weak
        : SecretWeight.None;

    private static bool IsPassword(string word) =>
        word.Contains("password", IgnoreCase)
        || word.Contains("passwd", IgnoreCase)
        || word.Contains("passphrase", IgnoreCase)
        || (word.Contains(Secret, IgnoreCase) && !Array.Exists(OfCells, stem => word.StartsWith(stem, IgnoreCase)))
        || ForeignWords.Contains(word.TrimEnd(Digits))
        || Array.Exists(ForeignStems, stem => word.Contains(stem, IgnoreCase))
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
