using static BreakHis.SecretSearch.CommandText;

namespace BreakHis.SecretSearch;

/// <summary>Recognises passwords that a command reads from its standard input.</summary>
internal static class PipedPasswords
{
    private const string HereString = "<<<";
    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>echo PASSWORD | docker login --password-stdin, or cat with three angle brackets.</summary>
    public static bool IsPiped(string line)
    {
        int pipe = line.LastIndexOf('|');
        foreach (string command in (string[])["echo ", "printf ", HereString])
        {
            int at = line.LastIndexOf(command, Ordinal);
            if (
                at >= 0
                && pipe > at
                && GivenPassword.IsAnything(line[(at + command.Length)..pipe].Trim().Trim('"', '\''))
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>echo USER:PASSWORD | chpasswd.</summary>
    public static bool IsPipedPair(string line) =>
        line.IndexOf("echo ", Ordinal) is >= 0 and int at
        && GivenPassword.IsUserAndPassword(Word(line, at + "echo ".Length), "curl");

    /// <summary>
    /// docker login --password-stdin, three angle brackets and the password; or two, a word, and the password on the
    /// next line.
    /// </summary>
    public static bool IsHereString(string text, int at)
    {
        string[] lines = text.Substring(at, Math.Min(Window, text.Length - at)).Split('\n');
        int sign = lines[0].IndexOf(HereString, Ordinal);
        return sign >= 0
            ? GivenPassword.IsAnything(Word(lines[0], sign + HereString.Length))
            : lines[0].Contains("<<", Ordinal) && lines.Length > 1 && GivenPassword.IsAnything(lines[1].Trim());
    }
}
