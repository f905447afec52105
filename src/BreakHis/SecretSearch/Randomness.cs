using System.Buffers;

namespace BreakHis.SecretSearch;

/// <summary>
/// How much a value looks as if it were drawn at random. Names in programs are words, with capitals, separators and
/// numbers between and after them.
/// </summary>
internal static class Randomness
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("!@#$%^&*+~?|");
    private static readonly SearchValues<char> Separators = SearchValues.Create(" _-./:\\");
    private static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private const int ShortestRandom = 8;
    private const int LongWord = 16;
    private const int LongestWord = 64;
    private const int LongValue = 20;
    private const int LongPart = 6;
    private const int ManyOddities = 5;
    private const double BitsOfRandomText = 3;

    // Words with a number that are names of algorithms and encodings.
    private static readonly HashSet<string> Algorithms = new(StringComparer.OrdinalIgnoreCase)
    {
        "aes",
        "argon",
        "argonid",
        "base",
        "ed",
        "es",
        "hmacsha",
        "hs",
        "md",
        "oauth",
        "pbkdf",
        "pkcs",
        "rs",
        "rsa",
        "scramsha",
        "sha",
        "utf",
        "x",
    };

    /// <summary>
    /// Returns whether a part of the value, between separators, is no word and no word with a number, or whether the parts
    /// together are odd.
    /// </summary>
    public static bool IsRandom(ReadOnlySpan<char> value)
    {
        int odd = 0;
        int parts = 0;
        for (ReadOnlySpan<char> rest = value; !rest.IsEmpty; )
        {
            int length = 0;
            while (length < rest.Length && char.IsAsciiLetterOrDigit(rest[length]))
            {
                length++;
            }

            int found = Oddities(rest[..length], out bool isRandom);
            if (isRandom)
            {
                return true;
            }

            odd += found;
            parts += length > 0 ? 1 : 0;
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }

        return value.Length >= LongValue && odd >= ManyOddities && value.Length >= LongPart * parts;
    }

    /// <summary>Returns whether the value mixes letters with digits or with signs, as passwords must.</summary>
    public static bool IsMixed(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<char> inner = value.Trim("*?!:.,;-&@^~");
        bool letter = inner.ContainsAny(Letters) || inner.ContainsAnyExceptInRange('\0', '\x7f');
        bool digit = inner.ContainsAnyInRange('0', '9');
        return (letter || digit) && ((letter && digit) || inner.ContainsAny(Signs)) && !IsAlgorithm(inner);
    }

    /// <summary>Returns whether the value is long, without separators or capitals inside, and varied.</summary>
    public static bool IsLongWord(ReadOnlySpan<char> value)
    {
        if (value.Length < LongWord || value.ContainsAny(Separators))
        {
            return false;
        }

        return Humps(value) == 0 && Entropy(value[..Math.Min(value.Length, LongestWord)]) >= BitsOfRandomText;
    }

    /// <summary>
    /// Returns whether the value is letters that make no words: few vowels, or capitals in many places.
    /// </summary>
    public static bool IsOddWord(ReadOnlySpan<char> value)
    {
        if (value.Length < ShortestRandom || value.ContainsAnyExcept(Letters))
        {
            return false;
        }

        int vowels = 0;
        foreach (char letter in value)
        {
            vowels += Vowels.Contains(letter) ? 1 : 0;
        }

        return 6 * vowels < value.Length || 3 * Humps(value) >= value.Length;
    }

    private static bool IsAlgorithm(ReadOnlySpan<char> value)
    {
        return value.Length < 20
            && Algorithms.Contains(string.Concat(value.ToString().Where(c => char.IsLetter(c) || Signs.Contains(c))));
    }

    /// <summary>Counts changes between letters and digits, and small letters that stand alone.</summary>
    /// <param name="isRandom">Whether these, or the letters, are those of a random word.</param>
    private static int Oddities(ReadOnlySpan<char> word, out bool isRandom)
    {
        int changes = 0;
        int singles = 0;
        int letters = 0;
        int vowels = 0;
        for (int i = 0; i < word.Length; i++)
        {
            letters += char.IsAsciiLetter(word[i]) ? 1 : 0;
            vowels += Vowels.Contains(word[i]) ? 1 : 0;
            changes += i > 0 && char.IsAsciiDigit(word[i]) != char.IsAsciiDigit(word[i - 1]) ? 1 : 0;
            singles += IsSingle(word, i) ? 1 : 0;
        }

        isRandom =
            (word.Length >= ShortestRandom && changes >= 3 && !IsTime(word))
            || (word.Length >= LongWord && changes + singles >= 3 && !IsTime(word))
            || (letters == word.Length && letters >= LongWord && vowels < 0.2 * letters);
        return changes + singles;
    }

    // A small letter between others; of words in a row, few have only two letters.
    private static bool IsSingle(ReadOnlySpan<char> word, int at) =>
        at > 0
        && at < word.Length - 1
        && char.IsAsciiLetterLower(word[at])
        && !char.IsAsciiLetterLower(word[at - 1])
        && char.IsAsciiLetterUpper(word[at + 1]);

    // 20260131T235959Z
    private static bool IsTime(ReadOnlySpan<char> word) =>
        word.Length is 15 or 16 && word[8] == 'T' && word[..8].CountAnyExceptDigits() == 0;

    private static int Humps(ReadOnlySpan<char> word)
    {
        int humps = 0;
        for (int i = 1; i < word.Length; i++)
        {
            humps += char.IsAsciiLetterUpper(word[i]) && char.IsAsciiLetterLower(word[i - 1]) ? 1 : 0;
        }

        return humps;
    }

    /// <summary>Returns the entropy of a text's characters, in bits (Shannon 1948).</summary>
    private static double Entropy(ReadOnlySpan<char> text)
    {
        double sum = 0;
        for (int i = 0; i < text.Length; i++)
        {
            // Each character adds the logarithm of its own frequency.
            sum -= Math.Log2((double)text.Count(text[i]) / text.Length);
        }

        return sum / text.Length;
    }
}
