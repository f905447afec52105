using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>A value between quotes for want of another, as in <c>process.env.API_KEY || "..."</c>.</summary>
internal static partial class Fallback
{
    private const string Quote = """[ \t]{0,20}(?=[bBrRfFu@$]{0,2}["'`])""";

    /// <summary>Returns the place of the value that stands for that of a name; or null.</summary>
    /// <param name="at">The place after the name and what closes it.</param>
    public static int? OfName(string text, int at) => Operator().EndOf(text, at);

    /// <summary>Returns the place of the value at the end of an expression without other texts; or null.</summary>
    public static int? OfExpression(string text, int at) => Expression().EndOf(text, at);

    [GeneratedRegex(
        $$"""\A[ \t]{0,20}(?:\|\||\?\?|or\b|else\b){{Quote}}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Operator();

    [GeneratedRegex(
        $$"""\A[^"'`\r\n;,]{1,120}?(?:\|\||\?\?|\bor\b|\belse\b|\?[^"'`\r\n;,:?]{1,60}:){{Quote}}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Expression();
}
