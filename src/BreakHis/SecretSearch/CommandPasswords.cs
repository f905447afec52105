using System.Buffers;
using static BreakHis.SecretSearch.CommandText;

namespace BreakHis.SecretSearch;

/// <summary>
/// Finds passwords that stand without a name: in headers (Authorization: Bearer ...), pairs of user and password, and
/// cookies, entries of netrc, and the arguments of curl, sshpass, mysql, twine, nuget, aws and commands that log in or set something.
/// </summary>
internal static class CommandPasswords
{
    private const int ShortestLogin = 20;
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
            "machine ",
            "default login ",
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
            'b' when Starts(text, at, "bearer") => Word(text, at + 7) is { Length: >= HeaderPasswords.LongToken } token
                && HeaderPasswords.IsValue(token),
            'b' => HeaderPasswords.IsBasic(Word(text, at + 6)),
            'a' when Starts(text, at, "authtoken") => GivenPassword.IsGiven(Word(text, at + 10)),
            'a' => HeaderPasswords.IsPair(text, at + 4)
                || (Starts(text, at, "authorization") && HeaderPasswords.IsHeader(text, at + 13)),
            '-' when Starts(text, at, "--password") => PipedPasswords.IsPiped(LineBefore(text, at))
                || PipedPasswords.IsHereString(text, at),
            '-' => GivenPassword.IsUserAndPassword(
                Word(text, at + (Starts(text, at, "--user") ? 6 : 2)),
                LineBefore(text, at)
            ),
            's' => GivenPassword.IsGiven(FirstArgument(LineAfter(text, at + "securestring ".Length))),
            'u' => GivenPassword.IsGiven(SecondWord(LineAfter(text, at + "user-secrets set ".Length))),
            'g' when Starts(text, at, "gh secret") => IsOption(text, at, " --body") || IsOption(text, at, " -b"),
            'c' when Starts(text, at, "chpasswd") => PipedPasswords.IsPipedPair(LineBefore(text, at)),
            'c' when Starts(text, at, "curl") => IsCurl(text, at + 4),
            'c' when Starts(text, at, "cookie") => HeaderPasswords.IsCookie(text, at),
            'c' when Starts(text, at, "credential") => HeaderPasswords.IsPair(text, text.IndexOf('(', at)),
            'd' when Starts(text, at, "default") => NetrcEntry.IsSecret(text, at),
            'm' => NetrcEntry.IsSecret(text, at),
            'd' => HeaderPasswords.IsPair(text, at + "digestauth".Length),
            'p' when Starts(text, at, "passwordauthentication") => HeaderPasswords.IsPair(text, text.IndexOf('(', at)),
            'c' or 'p' or 'g' or 'r' => IsSet(LineAfter(text, at)),
            'i' => GivenPassword.IsGiven(Word(text, at + 15)),
            'l' when !Starts(text, at, "login(") => IsOption(text, at + 6, "-p"),
            'l' => HeaderPasswords.IsPair(text, at + 5),
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
            && words
                .Skip(name + 1)
                .Any(word => word[0] != '-' && !word.Contains('$', Ordinal) && GivenPassword.IsGiven(word));
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
                    IsUserOption(word.Item)
                    && GivenPassword.IsUserAndPassword(words.ElementAtOrDefault(word.Index + 1) ?? "", "curl")
                )
            || words.Any(word =>
                word is ['-', not '-', ..]
                && GivenPassword.IsUserAndPassword(word[(word.IndexOf('u', Ordinal) + 1)..], "curl")
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
                && HeaderPasswords.IsHeader($" {given}", 0, HeaderPasswords.MostWords)
        );

    private static bool IsUserOption(string word) =>
        word is "--user" or "--proxy-user" or ['-', not '-', .., 'u' or 'U'] or "-u" or "-U";

    /// <summary>wandb login TOKEN, perhaps after --relogin.</summary>
    private static bool IsLogin(string line) =>
        line.Split([' ', '"', '\''], HeaderPasswords.MostWords, SplitOptions)
            .FirstOrDefault(word => word != "--relogin")
            is { Length: >= ShortestLogin } token
        && Randomness.IsRandom(token);

    private static bool IsOption(string text, int at, string option)
    {
        string line = LineAfter(text, at);
        int found = line.IndexOf(option, Ordinal);
        return found >= 0
            && line.AsSpan(0, found).IndexOfAny("|;&") < 0
            && new Assignment(SecretWeight.Strong, ValueForm.Plain, Word(text, at + found + option.Length)).IsSecret();
    }
}
