using System.Buffers;
using System.Text;

namespace BreakHis.SecretSearch;

/// <summary>
/// Finds passwords that stand without a name: in headers (Authorization: Bearer ...), pairs of user and password, and
/// cookies, and the arguments of curl, sshpass, mysql, twine, nuget, aws and commands that log in or set something.
/// </summary>
internal static class CommandPasswords
{
    private const int Window = 300;
    private const int LongToken = 16;
    private const int ShortestPassword = 6;
    private const int ShortestLogin = 20;
    private const int MostWords = 10;
    private const string HereString = "<<<";
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const StringSplitOptions SplitOptions = StringSplitOptions.RemoveEmptyEntries;

    private static readonly string[] CookieOptions = [" -b ", " --cookie ", " --cookie="];

    // Commands, each with the option after which the password follows.
    private static readonly (string Command, string Option)[] Options =
    [
        ("sshpass", "-p"),
        ("mysql", " -p"),
        ("mongo", " -p"),
        ("redis-cli", " -a"),
        ("ldapsearch", " -w"),
        ("ldapmodify", " -w"),
        ("zip -", "-P"),
        ("zip ", " -P"),
        ("7z ", " -p"),
        ("7za ", " -p"),
        ("twine upload", " -p"),
        ("nuget add source", " -p"),
        ("nuget push", " -k"),
    ];

    private static readonly SearchValues<char> WordEnds = SearchValues.Create(" \t\r\n\"'`<>,;\\");

    private static readonly SearchValues<string> Words = SearchValues.Create(
        [
            "bearer ",
            "bearer\"",
            "basic ",
            "auth",
            "-u ",
            "-u'",
            "-u\"",
            "--user ",
            "--user'",
            "--user\"",
            "--user=",
            "--password-stdin",
            "chpasswd",
            " login ",
            "login\"",
            "login'",
            "curl",
            "authorization",
            "config set ",
            "configure set ",
            "conda config ",
            "poetry config ",
            "rclone config ",
            "user-secrets set ",
            "gh secret set ",
            "git config ",
            "remote modify ",
            "authtoken ",
            "cookie",
            "login(",
            "credential(",
            "credentials(",
            "passwordauthentication(",
            "digestauth(",
            "securestring ",
            "identified by '",
            "identified by \"",
            .. Options.Select(option => option.Command),
        ],
        StringComparison.OrdinalIgnoreCase
    );

    /// <summary>Returns whether a text has such a password.</summary>
    public static bool AreIn(string text)
    {
        int next;
        for (int at = 0; (next = text.AsSpan(at).IndexOfAny(Words)) >= 0; at++)
        {
            at += next;
            if (IsSecret(text, at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSecret(string text, int at) =>
        Array.Find(Options, known => Starts(text, at, known.Command)) is { Command: string command } known
            ? IsOption(text, at + command.Length - 1, known.Option)
            : IsOther(text, at);

    private static bool IsOther(string text, int at) =>
        char.ToLowerInvariant(text[at]) switch
        {
            'b' when Starts(text, at, "bearer") => Word(text, at + 7) is { Length: >= LongToken } token
                && IsValue(token),
            'b' => IsBasic(Word(text, at + 6)),
            'a' when Starts(text, at, "authtoken") => IsGiven(Word(text, at + 10)),
            'a' => IsPair(text, at + 4) || (Starts(text, at, "authorization") && IsHeader(text, at + 13)),
            '-' when Starts(text, at, "--password") => IsPiped(LineBefore(text, at)) || IsHereString(text, at),
            '-' => IsUserAndPassword(Word(text, at + (Starts(text, at, "--user") ? 6 : 2)), LineBefore(text, at)),
            's' => IsGiven(FirstArgument(LineAfter(text, at + "securestring ".Length))),
            'u' => IsGiven(SecondWord(LineAfter(text, at + "user-secrets set ".Length))),
            'g' when Starts(text, at, "gh secret") => IsOption(text, at, " --body") || IsOption(text, at, " -b"),
            'c' when Starts(text, at, "chpasswd") => IsPipedPair(LineBefore(text, at)),
            'c' when Starts(text, at, "curl") => IsCurl(text, at + 4),
            'c' when Starts(text, at, "cookie") => IsCookie(text, at),
            'c' when Starts(text, at, "credential") => IsPair(text, text.IndexOf('(', at)),
            'd' => IsPair(text, at + "digestauth".Length),
            'p' when Starts(text, at, "passwordauthentication") => IsPair(text, text.IndexOf('(', at)),
            'c' or 'p' or 'g' or 'r' => IsSet(LineAfter(text, at)),
            'i' => IsGiven(Word(text, at + 15)),
            'l' when !Starts(text, at, "login(") => IsOption(text, at + 6, "-p"),
            'l' => IsPair(text, at + 5),
            _ => IsOption(text, at + 6, " -p") || IsLogin(LineAfter(text, at + 7)),
        };

    /// <summary>A command that sets something, with the name of a secret and then its value.</summary>
    private static bool IsSet(string line)
    {
        string[] words = Arguments(line);
        int name = Array.FindIndex(
            words,
            word =>
                (SecretName.HasWord(word) || word.StartsWith("http-basic.", Ordinal))
                && !word.Contains('$', Ordinal)
                && !word.Contains("signingkey", StringComparison.OrdinalIgnoreCase)
        );
        return name >= 0
            && words.Skip(name + 1).Any(word => word[0] != '-' && !word.Contains('$', Ordinal) && IsGiven(word));
    }

    private static string[] Arguments(string line) => line.Split([' ', '"', '\'', ','], SplitOptions);

    private static string FirstArgument(string line) => Array.Find(Arguments(line), word => word[0] != '-') ?? "";

    private static string SecondWord(string line) => Arguments(line).ElementAtOrDefault(1) ?? "";

    /// <summary>A header or variable "cookie" with names and values; no option or file of that name.</summary>
    private static bool IsCookie(string text, int at)
    {
        int end = at + (Starts(text, at, "cookies") ? "cookies".Length : "cookie".Length);
        string line = LineAfter(text, end);
        string given = line.TrimStart('"', '\'', ' ', ']');
        bool isWord = at == 0 || !(char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '-' or '/' or '.');
        return isWord
            && given is [':' or '=' or '{' or '(', .. string values]
            && (values.Contains('=', Ordinal) || values.Contains('{', Ordinal))
            && IsHeader(text, end, MostWords);
    }

    private static bool IsGiven(string value) => new Assignment(SecretWeight.Strong, ValueForm.Plain, value).IsSecret();

    private static bool Starts(string text, int at, string word) =>
        text.AsSpan(at).StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsValue(string value) =>
        !Placeholders.IsWhole(value) && Randomness.IsRandom(Placeholders.Without(value));

    /// <summary>Returns the next word, without quotes.</summary>
    private static string Word(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at)).TrimStart(" \"'\\,=");
        int end = rest.IndexOfAny(WordEnds);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>Authorization: TYPE VALUE, of any type; and cookies, each with a name.</summary>
    private static bool IsHeader(string text, int at, int words = 2)
    {
        const string Signs = " \"':,;=>\\[]{}()";
        string line = LineAfter(text, at);
        return line.Length > 0
            && "\"':,=>\\[] ".Contains(line[0], Ordinal)
            && line.Split(Signs.ToCharArray(), MostWords, SplitOptions)
                .Take(words)
                .Any(word => word.Length >= LongToken && IsValue(word) && !Guid.TryParse(word, out _));
    }

    /// <summary>
    /// The options -u, --user and --proxy-user, alone, after others (-su) or before the value; and -b and --cookie.
    /// </summary>
    private static bool IsCurl(string text, int at)
    {
        if (HasCookieOption(LineAfter(text, at)))
        {
            return true;
        }

        string line = LineAfter(text, at).Replace("\"", "", Ordinal).Replace("'", "", Ordinal);
        string[] words = line.Split([' ', '\t', ',', '=', ']', ')', '|', ';'], SplitOptions);
        return words
                .Index()
                .Any(word =>
                    IsUserOption(word.Item) && IsUserAndPassword(words.ElementAtOrDefault(word.Index + 1) ?? "", "curl")
                )
            || words.Any(word =>
                word is ['-', not '-', ..] && IsUserAndPassword(word[(word.IndexOf('u', Ordinal) + 1)..], "curl")
            );
    }

    /// <summary>Names and values; without an equals sign, it is a file.</summary>
    private static bool HasCookieOption(string line) =>
        Array.Exists(
            CookieOptions,
            option =>
                line.IndexOf(option, Ordinal) is >= 0 and int found
                && (AssignedValues.Quoted(line, found + option.Length) ?? Word(line, found + option.Length))
                    is string given
                && given.Contains('=', Ordinal)
                && IsHeader($" {given}", 0, MostWords)
        );

    private static bool IsUserOption(string word) =>
        word is "--user" or "--proxy-user" or ['-', not '-', .., 'u' or 'U'] or "-u" or "-U";

    /// <summary>wandb login TOKEN, perhaps after --relogin.</summary>
    private static bool IsLogin(string line) =>
        line.Split([' ', '"', '\''], MostWords, SplitOptions).FirstOrDefault(word => word != "--relogin")
            is { Length: >= ShortestLogin } token
        && Randomness.IsRandom(token);

    /// <summary>User and password in base 64.</summary>
    internal static bool IsBasic(string value)
    {
        byte[] bytes = new byte[value.Length];
        if (value.Length < 8 || !Convert.TryFromBase64String(value, bytes, out int count))
        {
            return false;
        }

        string pair = Encoding.Latin1.GetString(bytes, 0, count);
        int colon = pair.IndexOf(':', Ordinal);
        return colon >= 0 && colon < pair.Length - 1 && pair.All(c => c is >= ' ' and <= '~');
    }

    /// <summary>auth=("user", "password"), BasicAuth("user", "password") and "auth": "base 64".</summary>
    private static bool IsPair(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        ReadOnlySpan<char> value = rest.TrimStart(" =(\"'\\:");
        int open = at + rest.IndexOfAny("\"'");
        if (value.Length == rest.Length || open < at)
        {
            return false;
        }

        if (!rest[..(rest.Length - value.Length)].Contains('('))
        {
            return IsBasic(Word(text, at + rest.Length - value.Length));
        }

        int comma = text.IndexOf(',', open, Math.Min(Window, text.Length - open));
        return comma >= 0
            && AssignedValues.Quoted(text, open) is not null
            && AssignedValues.Quoted(text, Separator.Blanks(text, comma + 1)) is string password
            && new Assignment(SecretWeight.Strong, ValueForm.Quoted, password).IsSecret();
    }

    private static bool IsUserAndPassword(string word, string line)
    {
        bool isShare = line.Contains("smb", StringComparison.OrdinalIgnoreCase);
        int sign = word.IndexOf(isShare ? '%' : ':', Ordinal);
        // A date of "date -u" is no user.
        string password = sign > 0 && word[0] != '+' ? word[(sign + 1)..] : "";
        // Other programs have another -u, of which the word may be anything.
        return IsGiven(password)
            || ((isShare || line.Contains("curl", StringComparison.OrdinalIgnoreCase)) && IsAnything(password));
    }

    /// <summary>echo PASSWORD | docker login --password-stdin, or cat with three angle brackets.</summary>
    private static bool IsPiped(string line)
    {
        int pipe = line.LastIndexOf('|');
        foreach (string command in (string[])["echo ", "printf ", HereString])
        {
            int at = line.LastIndexOf(command, Ordinal);
            if (at >= 0 && pipe > at && IsAnything(line[(at + command.Length)..pipe].Trim().Trim('"', '\'')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>echo USER:PASSWORD | chpasswd.</summary>
    private static bool IsPipedPair(string line) =>
        line.IndexOf("echo ", Ordinal) is >= 0 and int at && IsUserAndPassword(Word(line, at + "echo ".Length), "curl");

    /// <summary>
    /// docker login --password-stdin, three angle brackets and the password; or two, a word, and the password on the
    /// next line.
    /// </summary>
    private static bool IsHereString(string text, int at)
    {
        string[] lines = text.Substring(at, Math.Min(Window, text.Length - at)).Split('\n');
        int sign = lines[0].IndexOf(HereString, Ordinal);
        return sign >= 0
            ? IsAnything(Word(lines[0], sign + HereString.Length))
            : lines[0].Contains("<<", Ordinal) && lines.Length > 1 && IsAnything(lines[1].Trim());
    }

    /// <summary>What is certainly a password, if it is not a placeholder, a variable or the word itself. A random
    /// password may contain such a word.</summary>
    private static bool IsAnything(string value) =>
        value.Length >= ShortestPassword
        && (!SecretName.HasWord(value) || Randomness.IsRandom(value))
        && !value.Contains('$', Ordinal)
        && !Placeholders.IsWhole(value);

    private static string LineAfter(string text, int at)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(Window, text.Length - at));
        int end = rest.IndexOfAny('\r', '\n');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    private static string LineBefore(string text, int at)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, at - Window), Math.Min(Window, at));
        return before[(before.LastIndexOf('\n') + 1)..].ToString();
    }

    private static bool IsOption(string text, int at, string option)
    {
        string line = LineAfter(text, at);
        int found = line.IndexOf(option, Ordinal);
        return found >= 0
            && line.AsSpan(0, found).IndexOfAny("|;&") < 0
            && new Assignment(SecretWeight.Strong, ValueForm.Plain, Word(text, at + found + option.Length)).IsSecret();
    }
}
