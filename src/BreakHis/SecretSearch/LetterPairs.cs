namespace BreakHis.SecretSearch;

/// <summary>
/// Distinguishes words from random letters by pairs of neighbours. Of the 676 possible pairs, the 240 most frequent ones
/// make up 88 % of the pairs in the words of programs and documents, and 36 % of those in random letters.
/// </summary>
internal static class LetterPairs
{
    private const int Shortest = 10;
    private const int LeastPairs = 6;
    private const int ShortPart = 4;
    private const double ShareInWords = 0.6;
    private const double ShareInShortWords = 0.8;

    // The beginning of the alphabet in examples.
    private const string Alphabet = "abcd";

    /// <summary>The letters that often follow each letter of the alphabet.</summary>
    private static readonly string[] Followers =
    [
        "abcdgilmnprstuvxy",
        "aeilorsu",
        "acdehiklorstu",
        "adefilorstu",
        "abcdefgilmnopqrstvwx",
        "aefilortu",
        "aehilnors",
        "aeio",
        "abcdefglmnoprstvz",
        "",
        "ei",
        "adeilostuy",
        "abeimopsu",
        "acdefginostuv",
        "abcdfgilmnoprstuvw",
        "aehiloprsty",
        "u",
        "acdefgilmnoprstuy",
        "acehiklopstuy",
        "acdefhiloprstuy",
        "abceilmnprst",
        "aei",
        "aei",
        "pt",
        "ps",
        "e",
    ];

    /// <summary>
    /// Returns whether a value of letters and digits contains no words: few of its pairs are frequent ones, or not many
    /// and it has a capital every few letters.
    /// </summary>
    public static bool AreRandom(ReadOnlySpan<char> value)
    {
        int pairs = 0;
        int frequent = 0;
        int parts = 1;
        foreach (char c in value)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        for (int i = 1; i < value.Length; i++)
        {
            bool begins = char.IsAsciiLetterLower(value[i - 1]) && char.IsAsciiLetterUpper(value[i]);
            parts += begins ? 1 : 0;
            if (!begins && char.IsAsciiLetter(value[i - 1]) && char.IsAsciiLetter(value[i]))
            {
                pairs++;
                frequent += IsFrequent(value[i - 1], value[i]) ? 1 : 0;
            }
        }

        double share = value.Length < ShortPart * parts ? ShareInShortWords : ShareInWords;
        return value.Length >= Shortest
            && pairs >= LeastPairs
            && frequent < share * pairs
            && !value.StartsWith(Alphabet, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsFrequent(char first, char second) =>
        Followers[char.ToLowerInvariant(first) - 'a'].Contains(char.ToLowerInvariant(second), StringComparison.Ordinal);
}
