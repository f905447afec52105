using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Commands that continue on the next line.</summary>
internal static partial class ContinuedLines
{
    /// <summary>
    /// Returns a text in which each command is on one line: without the backslash of a shell, the caret of cmd or the
    /// grave accent of PowerShell at the end of a line, and without the blanks that follow.
    /// </summary>
    public static string Joined(string text) => Continuation().Replace(text, " ");

    [GeneratedRegex("""[\\^`]\r?\n[ \t]*""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Continuation();
}
