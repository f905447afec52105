using System.Text;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Recognises access tokens whose documented form is more than a prefix and an alphabet: of Airtable, Discord, Dropbox,
/// Mailgun, Notion and Terraform.
/// </summary>
internal static partial class PatternTokens
{
    /// <summary>Returns whether a text contains such a token.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        if (Token().IsMatch(text))
        {
            return true;
        }

        foreach (ValueMatch match in Bot().EnumerateMatches(text))
        {
            ReadOnlySpan<char> found = text.Slice(match.Index, match.Length);
            if (IsNumber(found[..found.IndexOf('.')]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns whether a text is a number in base 64: the first part of a bot's token is that of its user.</summary>
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        string padded = text.ToString().PadRight((text.Length + 3) / 4 * 4, '=');
        byte[] bytes = new byte[padded.Length];
        return Convert.TryFromBase64String(padded, bytes, out int count)
            && Encoding.Latin1.GetString(bytes, 0, count).All(char.IsAsciiDigit);
    }

    [GeneratedRegex(
        """
            (?<![\w-])(?:
              pat[A-Za-z0-9]{14}\.[0-9a-f]{64}
            | sl\.(?:u\.)?(?=[A-Za-z_-]{0,100}[0-9])[\w-]{120}
            | secret_[A-Za-z0-9]{43}(?![\w-])
            | key-[0-9a-f]{32}(?![\w-])
            )
            | (?<=[A-Za-z0-9]{14})\.atlasv1\.[\w-]{60}
            """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Token();

    /// <summary>The number of a Discord bot's user, a time and a signature.</summary>
    [GeneratedRegex(
        """(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Bot();
}
