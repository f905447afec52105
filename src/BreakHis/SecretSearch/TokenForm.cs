using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>The documented form of a service's tokens: a prefix, then so many characters of an alphabet.</summary>
/// <param name="Prefix">How the token begins.</param>
/// <param name="Least">How many characters follow at least.</param>
/// <param name="Alphabet">The characters that may follow.</param>
/// <param name="LeastDigits">How many of these characters are digits, so that words are not tokens.</param>
internal sealed record TokenForm(string Prefix, int Least, SearchValues<char> Alphabet, int LeastDigits = 0)
{
    /// <summary>Whether the prefix is hardly part of a longer word.</summary>
    public bool IsDistinct => LeastDigits == 0 && Prefix.Length > 2;

    /// <summary>Returns whether a text begins with a token of this form.</summary>
    public bool Begins(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith(Prefix) || text.Length < Prefix.Length + Least)
        {
            return false;
        }

        ReadOnlySpan<char> rest = text.Slice(Prefix.Length, Least);
        return rest.IndexOfAnyExcept(Alphabet) < 0
            && (LeastDigits == 0 || rest.Length - rest.CountAnyExceptDigits() >= LeastDigits);
    }
}

/// <summary>Counts in spans.</summary>
internal static class SpanCounts
{
    /// <summary>Returns the number of characters that are not ASCII digits.</summary>
    public static int CountAnyExceptDigits(this ReadOnlySpan<char> text)
    {
        int others = 0;
        foreach (char c in text)
        {
            others += char.IsAsciiDigit(c) ? 0 : 1;
        }

        return others;
    }
}
