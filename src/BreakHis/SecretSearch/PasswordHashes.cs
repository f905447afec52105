using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Recognises hashes of passwords, as in /etc/shadow and .htpasswd. A password can be guessed from its hash.
/// </summary>
internal static partial class PasswordHashes
{
    /// <summary>Returns whether a text contains the hash of a password.</summary>
    public static bool AreIn(ReadOnlySpan<char> text) => Hash().IsMatch(text);

    /// <summary>In this order: bcrypt, MD5, SHA-256, SHA-512, yescrypt, Argon2.</summary>
    [GeneratedRegex(
        """
            \$(?:
              2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{53}
            | (?:1|apr1)\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}
            | 5\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}
            | 6\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}
            | y\$[./A-Za-z0-9]{1,10}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}
            | argon2(?:id?|d)\$v=[0-9]{1,3}\$[mtp=,0-9]{5,40}\$[A-Za-z0-9+/]{8,100}\$[A-Za-z0-9+/]{20}
            )
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Hash();
}
