using System.Text.RegularExpressions;

namespace BreakHis.Provenance;

/// <summary>
/// Recognises texts and file names that look like secrets. A ledger is meant to be shared, and its chain cannot forget.
/// Digests, lock files and ordinary source are not meant to be recognised.
/// </summary>
internal static partial class Secrets
{
    private const int ShortestValue = 8;
    private const int LongWord = 16;
    private const double BitsOfRandomText = 3;

    private static readonly string[] FileNames =
    [
        ".env",
        "*.env",
        ".env.*",
        "*.pem",
        "*.key",
        "*.pfx",
        "*.p12",
        "*.ppk",
        "*.jks",
        "*.keystore",
        "*.kdbx",
        "id_rsa",
        "id_dsa",
        "id_ecdsa",
        "id_ed25519",
        ".netrc",
        "_netrc",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        ".htpasswd",
        ".git-credentials",
        ".dockercfg",
        "kaggle.json",
        "credentials",
        "credentials.json",
        "secrets.json",
        "secrets.y*ml",
        "secrets.toml",
    ];

    // Values that stand for a secret without being one.
    private static readonly string[] Placeholders =
    [
        "<",
        ">",
        "{",
        "}",
        "$",
        "%",
        "*",
        "...",
        "xxx",
        "your",
        "example",
        "placeholder",
        "redacted",
        "dummy",
    ];

    /// <summary>Returns whether a file of this name usually contains a secret.</summary>
    public static bool IsFileName(string path) =>
        Array.Exists(
            FileNames,
            pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path))
        );

    /// <summary>Returns what kind of secret a text seems to contain, such as "an access token", or null.</summary>
    /// <param name="text">A text, or a patch.</param>
    public static string? Find(string text) =>
        PrivateKey().IsMatch(text) ? "a private key"
        : Token().IsMatch(text) ? "an access token"
        : UrlPassword().Matches(text).Any(match => !IsPlaceholder(match.Groups["value"].Value))
            ? "a password in an address"
        : Quoted().Matches(text).Concat(Plain().Matches(text)).Any(IsSecret) ? "a password or key"
        : null;

    private static bool IsSecret(Match assignment)
    {
        (string name, string value) = (assignment.Groups["name"].Value, assignment.Groups["value"].Value);
        return !name.EndsWith("publickeytoken", StringComparison.OrdinalIgnoreCase)
            && !IsPlaceholder(value)
            && LooksRandom(value);
    }

    private static bool IsPlaceholder(string value) =>
        Array.Exists(Placeholders, part => value.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool LooksRandom(string value) =>
        value.Length >= ShortestValue
        && (
            (value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter))
            || (value.Length >= LongWord && Entropy(value) >= BitsOfRandomText)
        );

    /// <summary>Returns the entropy of a text's characters, in bits (Shannon 1948).</summary>
    private static double Entropy(string text) =>
        -text.CountBy(c => c)
            .Sum(count => (double)count.Value / text.Length * Math.Log2((double)count.Value / text.Length));

    [GeneratedRegex(
        @"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[0-9]",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex PrivateKey();

    // The documented forms of AWS, GitHub, GitLab, Slack, Google, Hugging Face, OpenAI and Anthropic, npm, PyPI, Stripe,
    // JSON web tokens, Azure storage, and Kaggle's file.
    [GeneratedRegex(
        """
            \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
            |\bgh[pousr]_[A-Za-z0-9]{36}
            |\bgithub_pat_[A-Za-z0-9_]{22}
            |\bglpat-[A-Za-z0-9_-]{20}
            |\bxox[abeoprs]-[A-Za-z0-9-]{10}
            |\bAIza[0-9A-Za-z_-]{35}
            |\bhf_[A-Za-z0-9]{30}
            |\bsk-[A-Za-z0-9_-]{20}
            |\bnpm_[A-Za-z0-9]{36}
            |\bpypi-AgE[A-Za-z0-9_-]{20}
            |\b[rs]k_live_[A-Za-z0-9]{16}
            |\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10}
            |\bAccountKey=[A-Za-z0-9+/=]{40}
            |"username"\s*:\s*"[^"\r\n]+"\s*,\s*"key"\s*:\s*"[^"\r\n]{8}
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Token();

    [GeneratedRegex(
        @"[a-z][a-z0-9+.-]{1,20}://[^/\s:@'""<>]{1,100}:(?<value>[^/\s@'""]{3,200})@",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex UrlPassword();

    /// <summary>A name that ends like a secret's, and a quoted value without blanks.</summary>
    [GeneratedRegex(
        """
            (?<name>[A-Za-z0-9_.-]{0,60}(?:passw(?:or)?d|passphrase|secret|token|credentials?|(?:api|access|private|auth|account|secret|encryption)[_-]?key)|(?-i:\b[A-Z0-9_]{1,60}_KEY))
            ["'\]]{0,2}\s{0,8}(?:=>|:=|=|:|"?\ value=)\s{0,8}(?:"(?<value>[^"\s]{8,500})"|'(?<value>[^'\s]{8,500})')
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Quoted();

    /// <summary>The same without quotes, as in .env, INI and YAML files: the value is the rest of the line.</summary>
    [GeneratedRegex(
        """
            ^[+\ -]?[\t\ ]{0,40}(?:export\ |-\ )?(?<name>[A-Za-z0-9_.-]{0,60}(?:passw(?:or)?d|passphrase|secret|token|credentials?|(?:api|access|private|auth|account|secret|encryption)[_-]?key)|(?-i:[A-Z0-9_]{1,60}_KEY))
            [\t\ ]{0,8}[=:][\t\ ]{0,8}(?<value>[^\s"'`()\[\];,]{8,500})[\t\ ]{0,8}\r?$
            """,
        RegexOptions.CultureInvariant
            | RegexOptions.IgnoreCase
            | RegexOptions.Multiline
            | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Plain();
}
