using System.Buffers;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>How a value is written.</summary>
internal enum ValueForm
{
    /// <summary>Between quotes.</summary>
    Quoted,

    /// <summary>Without quotes, as in files of settings and in shells.</summary>
    Plain,

    /// <summary>Between quotes, in a list or call that is assigned, or as the argument after the name.</summary>
    Inside,

    /// <summary>The next word of a text.</summary>
    Prose,
}

/// <summary>A value that is assigned to a name.</summary>
/// <param name="Weight">What the name suggests.</param>
internal sealed partial record Assignment(SecretWeight Weight, ValueForm Form, string Value)
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    private const int ShortestPassword = 6;
    private const int Shortest = 8;
    private const int LongKey = 16;
    private const int MostWords = 8;
    private const int LongestNumber = 20;
    private const int ShortestCertificate = 100;
    private const string TcgaSlide = "TCGA-";

    // Where a value is kept.
    private static readonly string[] Places = ["./", "../", "env:", "file:", "vault:", "ssm:"];

    // How public keys of SSH begin.
    private static readonly string[] PublicKeys = ["ssh-rsa", "ssh-ed25519", "ssh-dss", "ecdsa-sha2-", "sk-ssh-"];

    private static readonly int[] DigestLengths = [32, 40, 56, 64, 96, 128];

    /// <summary>Whether the text is source code, in which a value without quotes is a name or a call.</summary>
    public bool IsSource { get; init; }

    /// <summary>Whether the value may be the name of a variable.</summary>
    public bool IsOfVariable { get; init; }

    private bool IsDoubtful => Weight <= SecretWeight.Weak;

    /// <summary>Returns whether the value seems to be a secret.</summary>
    public bool IsSecret()
    {
        string value = Form is ValueForm.Plain or ValueForm.Prose ? WithoutEnd(Value) : Value;
        if (
            value.Length < (IsDoubtful ? Shortest : ShortestPassword)
            || Placeholders.IsWhole(value)
            || IsJoined(value)
            || IsPublicKey(value)
            || (IsOfVariable && IsVariable(value))
        )
        {
            return false;
        }

        if (BreakhisName().IsMatch(value))
        {
            return Randomness.IsRandom(BreakhisName().Replace(value, ""));
        }

        string rest = Placeholders.Without(value);
        return rest.Contains(' ', StringComparison.Ordinal) ? !IsDoubtful && (IsPhrase(rest) || IsAppPassword(rest))
            : Form == ValueForm.Plain && (IsNumber(rest) || (IsSource && IsReference(rest))) ? false
            : Randomness.IsRandom(rest) ? !(IsDoubtful && IsPublic(rest))
            : !IsDoubtful && IsPlain(rest);
    }

    /// <summary>Returns whether a value that is not random is a secret, given such a name.</summary>
    private bool IsPlain(string value) => IsWithoutWords(value) || IsChosen(value);

    /// <summary>Returns whether the value is a row of letters, perhaps with digits, that contains no words.</summary>
    private bool IsWithoutWords(string value) =>
        (Weight == SecretWeight.Strong || (Form != ValueForm.Prose && value.Length >= LongKey))
        && !(Form == ValueForm.Plain && IsSource)
        && LetterPairs.AreRandom(value);

    /// <summary>Returns whether the value may be a password that somebody chose.</summary>
    private bool IsChosen(string value) =>
        Form is not (ValueForm.Inside or ValueForm.Prose)
        && !(Form == ValueForm.Plain && (IsSource || IsReference(value)))
        && !IsPlace(value)
        && (
            Randomness.IsMixed(value)
            || (Weight == SecretWeight.Strong && (Randomness.IsLongWord(value) || Randomness.IsOddWord(value)))
            || (Weight == SecretWeight.Strong && Form == ValueForm.Quoted && value.All(char.IsAsciiDigit))
        );

    /// <summary>A GUID or a slide, which identify; a certificate; or, as a key, the hash of something.</summary>
    private bool IsPublic(string value) =>
        (value.Contains('-', StringComparison.Ordinal) && Guid.TryParse(value, out _))
        || value.StartsWith(TcgaSlide, StringComparison.Ordinal)
        || (value.StartsWith("MII", StringComparison.Ordinal) && value.Length > ShortestCertificate)
        || (
            Weight == SecretWeight.Key
            && Array.IndexOf(DigestLengths, value.Length) >= 0
            && value.AsSpan().IndexOfAnyExcept(HexDigits) < 0
        );

    /// <summary>The name of an environment variable.</summary>
    private static bool IsVariable(string value) =>
        char.IsAsciiLetterUpper(value[0])
        && value.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_')
        && !Randomness.IsRandom(value);

    private static bool IsPublicKey(string value) =>
        Array.Exists(PublicKeys, type => value.StartsWith(type, StringComparison.Ordinal));

    /// <summary>Returns a value without what ends the statement, list or table that it is in.</summary>
    private static string WithoutEnd(string value)
    {
        string trimmed = value.TrimEnd(".,;:>".ToCharArray());
        bool closes = trimmed is [.., ')' or ']' or '}'] && !trimmed.AsSpan().ContainsAny("([{");
        return closes ? WithoutEnd(trimmed[..^1]) : trimmed;
    }

    // The end of one text, an expression and the beginning of another.
    private static bool IsJoined(string value) => value[0] is '+' or '.' or ',' && value[^1] == value[0];

    /// <summary>A number of a program, such as 0x1F or Pascal's $1F.</summary>
    private bool IsNumber(string value) =>
        (value.StartsWith('$') || value.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        && (value.Length <= LongestNumber || IsDoubtful)
        && value.AsSpan(value[0] == '$' ? 1 : 2).IndexOfAnyExcept(HexDigits) < 0;

    /// <summary>A password that Google gives to a program, but not the alphabet of an example.</summary>
    private bool IsAppPassword(string value) =>
        Weight == SecretWeight.Strong
        && Form == ValueForm.Quoted
        && FourGroups().IsMatch(value)
        && !value.StartsWith("abcd", StringComparison.Ordinal);

    private static bool IsPhrase(string value)
    {
        string[] words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length < MostWords && Array.Exists(words, word => Randomness.IsRandom(word));
    }

    /// <summary>An attribute or item of something, such as tokenizer.pad_token_id.</summary>
    private static bool IsReference(string value)
    {
        int end = 0;
        while (end < value.Length && (char.IsAsciiLetterOrDigit(value[end]) || value[end] is '_' or '.'))
        {
            end++;
        }

        bool isName = Array.TrueForAll(value[..end].Split('.'), part => part.Length > 0 && !char.IsAsciiDigit(part[0]));
        return isName
            && (end == value.Length ? value[..end].Contains('.', StringComparison.Ordinal) : value[end] is '(' or '[');
    }

    /// <summary>A path or address.</summary>
    private static bool IsPlace(string value) =>
        value[0] is '/' or '~' or '\\'
        || Array.Exists(Places, place => value.StartsWith(place, StringComparison.Ordinal))
        || value.Contains("://", StringComparison.Ordinal)
        || IsMailAddress(value);

    private static bool IsMailAddress(string value)
    {
        int at = value.IndexOf('@', StringComparison.Ordinal);
        int dot = value.LastIndexOf('.');
        return at > 0 && dot > at && dot + 2 < value.Length && value.Skip(dot + 1).All(char.IsAsciiLetter);
    }

    [GeneratedRegex(@"\A[a-z]{4}(?: [a-z]{4}){3}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex FourGroups();

    /// <summary>The name of a slide or image of BreaKHis, such as SOB_B_A-14-22549AB-40-001.</summary>
    [GeneratedRegex(
        @"\bSOB_[BM]_[A-Z]{1,3}-\d{2}-\d{2,6}[A-Z]{0,3}(?:-\d{2,3}-\d{3})?(?![A-Z0-9])",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex BreakhisName();
}
