using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Recognises the contents of Kaggle's file, {"username": "...", "key": "..."}, also in a text of a program or notebook.
/// </summary>
internal static partial class KaggleFile
{
    /// <summary>Returns whether a text contains a user's name followed by a key.</summary>
    public static bool IsIn(ReadOnlySpan<char> text)
    {
        foreach (ValueMatch match in UserAndKey().EnumerateMatches(text))
        {
            ReadOnlySpan<char> found = text.Slice(match.Index, match.Length);
            if (!Placeholders.IsWhole(found[(found.LastIndexOfAny('"', '\'') + 1)..].ToString()))
            {
                return true;
            }
        }

        return false;
    }

    [GeneratedRegex(
        """\\?["']username\\?["']\s*:[^{}]{1,150}?,\s*\\?["']key\\?["']\s*:\s*\\?["'][^"'\\\r\n]{8,100}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex UserAndKey();
}
