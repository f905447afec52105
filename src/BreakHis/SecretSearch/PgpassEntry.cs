using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Recognises a line of a file .pgpass: host, port, database, user and password.</summary>
internal static partial class PgpassEntry
{
    /// <summary>Returns whether a text has such a line.</summary>
    public static bool IsIn(string text) =>
        Line().Matches(text).Any(line => GivenPassword.IsGiven(line.Groups["password"].Value));

    [GeneratedRegex(
        """^[\w.*-]{1,100}:(?:\d{4,5}|\*):[\w.*-]{1,64}:[\w.*-]{1,64}:(?<password>[^\s:]{6,100})\r?$""",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Line();
}
