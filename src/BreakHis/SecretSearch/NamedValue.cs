using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Values that are named "value" or "default" and follow the name of what they are for, as in Kubernetes' files, JSON,
/// XML and Terraform.
/// </summary>
internal static partial class NamedValue
{
    private const int WindowBefore = 300;
    private const int MostLinesBetween = 2;
    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase;

    private const string Attributes = """(\s{1,20}[\w:.-]{1,40}="[^"<>]{0,100}"){0,3}\s{0,20}""";
    private const string OtherPair =
        """[\s,{]{1,20}["'\\]{0,2}\w{1,20}["'\\]{0,2}\s{0,20}[=:]\s{0,20}("[^"\r\n]{0,150}"|'[^'\r\n]{0,150}'|[^\s"',{}<>]{1,60})""";

    /// <summary>Returns the separator of the value that follows a name, perhaps after other pairs; or null.</summary>
    public static Separator? After(string text, int at) =>
        Pair().EndOf(text, at) is int value ? new(SeparatorKind.Operator, value)
        : Element().EndOf(text, at) is int content ? new(SeparatorKind.Element, content)
        : null;

    /// <summary>Returns the place after the end of an opening tag, of which the name is in an attribute; or null.</summary>
    public static int? Content(string text, int at) => TagEnd().EndOf(text, at);

    /// <summary>
    /// Returns the place after the key of a value that comes before the name, as in "value: ..., name: DB_PASSWORD"; or
    /// null.
    /// </summary>
    /// <param name="start">Where the name begins.</param>
    public static int? Before(string text, int start)
    {
        int from = Math.Max(0, start - WindowBefore);
        ReadOnlySpan<char> before = text.AsSpan(from, start - from).TrimEnd(" \"'");
        if (before is not [.., ':' or '='])
        {
            return null;
        }

        before = before[..^1].TrimEnd(" \"'");
        bool isName =
            before.EndsWith("name", StringComparison.OrdinalIgnoreCase)
            || before.EndsWith("key", StringComparison.OrdinalIgnoreCase);
        int key = isName ? before.LastIndexOf("value", StringComparison.OrdinalIgnoreCase) : -1;
        return key >= 0 && before[key..].Count('\n') <= MostLinesBetween && !before[key..].Contains('}')
            ? KeyEnd().EndOf(text, from + key + "value".Length)
            : null;
    }

    [GeneratedRegex(
        $$"""\A({{OtherPair}}){0,3}?[\s,{]{1,20}["'\\]{0,2}(value|default)["'\\]{0,2}\s{0,20}[=:]""",
        Options,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Pair();

    [GeneratedRegex(
        $$"""\A({{Attributes}}>|</[\w:.-]{1,40}>)\s{0,40}<(value|string)>""",
        Options,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Element();

    [GeneratedRegex($$"""\A{{Attributes}}>""", Options, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TagEnd();

    [GeneratedRegex("""\A[ \t"'\\]{0,20}[=:]""", Options, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex KeyEnd();
}
