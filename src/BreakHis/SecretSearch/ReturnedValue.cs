using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Values that the property or function of a name returns.</summary>
internal static partial class ReturnedValue
{
    // Comments, a text that describes the function, and what opens its body.
    private const string Gap = """
        (?>\s+|//[^\n]*|\#[^\n]*|/\*.*?\*/|\"{3}.*?\"{3}|'{3}.*?'{3}|[{:])*
        """;

    private const string Body = $$"""((\s*=>)?{{Gap}}return\b|\s*=>)""";
    private const string Parameters = """\((?>[^()]|\([^()]*\))*\)""";

    /// <summary>
    /// Returns the place after "return", an arrow or the equals sign in the property or function that follows a name; or
    /// null.
    /// </summary>
    public static int? After(string text, int at) => Definition().EndOf(text, at);

    [GeneratedRegex(
        $$"""
            \A\s{0,20}(
              \{\s*get\s*(;[^{}"']*\}\s*=|{{Body}})
            | ([=:]\s*)?((async|function)\b\s*)*{{Parameters}}([^={}()"';\r\n]{0,80}?{{Body}}|[ \t]*(:[\w <>?.]*)?=(?!=))
            | [=:]\s*lambda\b[^:"'\n]*:
            )
            """,
        RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Definition();
}
