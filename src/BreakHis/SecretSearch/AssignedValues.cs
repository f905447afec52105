using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Extracts the values after a name.</summary>
internal static partial class AssignedValues
{
    private const int Longest = 128;
    private const int LongestPlain = 80;
    private const int Window = 300;
    private const int MostInside = 8;
    private const string Quotes = "\"'`";

    // What joins a name and its value in a sentence.
    private static readonly string[] Copulas = ["is", "was", "ist", "war", "est", "es", "è", "är", "er", "-", "–", "—"];

    /// <summary>Returns the values that may belong to a name, with how they are written.</summary>
    public static IEnumerable<(ValueForm Form, string Value)> Of(
        string text,
        Separator separator,
        NameContext context
    ) =>
        separator.Kind switch
        {
            SeparatorKind.Element or SeparatorKind.Attribute => Element(text, separator.Value),
            SeparatorKind.Comma => AfterComma(text, separator.Value, context),
            SeparatorKind.Blank => AfterBlank(text, separator.Value, context),
            SeparatorKind.Operator or SeparatorKind.Tight => AfterOperator(text, separator.Value)
                .Concat(context.IsSource ? [] : Items(text, separator.Value)),
            SeparatorKind.Definition => AfterOperator(text, separator.Value)
                .Where(value => value.Form != ValueForm.Plain),
            SeparatorKind.Fallback => Quoted(text, separator.Value) is string value
                ? [(context.IsCall || context.IsEnvironment ? ValueForm.Quoted : ValueForm.Inside, value)]
                : [],
            SeparatorKind.Call => Argument(text, separator.Value, context),
            _ => [],
        };

    /// <summary>Returns the value at a place, if there is one.</summary>
    public static IEnumerable<(ValueForm Form, string Value)> At(string text, int? place) =>
        place is int at ? AfterOperator(text, at) : [];

    /// <summary>The only argument of a call, such as WithPassword("...").</summary>
    private static IEnumerable<(ValueForm Form, string Value)> Argument(string text, int at, NameContext context) =>
        (context.IsSetter || context.IsPassword)
        && Quoted(text, AfterLineBreak(text, Separator.Blanks(text, at))) is string value
            ? [(context.IsSetter ? ValueForm.Quoted : ValueForm.Inside, value)]
            : [];

    private static IEnumerable<(ValueForm Form, string Value)> Element(string text, int at)
    {
        const string Characters = "<![CDATA[";
        at += text.AsSpan(at).StartsWith(Characters) ? Characters.Length : 0;
        string value = Until(text, at, "<]");
        int end = at + value.Length;
        end += text.AsSpan(end).StartsWith("]]>") ? "]]>".Length : 0;
        return end + 1 < text.Length && text[end] == '<' && text[end + 1] == '/'
            ? [(ValueForm.Quoted, value.Trim())]
            : [];
    }

    private static IEnumerable<(ValueForm Form, string Value)> AfterOperator(string text, int at)
    {
        int start = Separator.Blanks(text, at);
        if (Reference().EndOf(text, start) is not null)
        {
            return [];
        }

        int next = Properties().EndOf(text, start) ?? start;
        int line = AfterLineBreak(text, next);
        if ((Quoted(text, line) ?? Quoted(text, AfterBracket(text, next))) is string quoted)
        {
            return [(ValueForm.Quoted, quoted), (ValueForm.Plain, Plain(text, next))];
        }

        if (line > next && (next > start || text[next] is '>' or '|'))
        {
            string value = Plain(text, line);
            return value.EndsWith(':') ? [] : [(ValueForm.Plain, value)];
        }

        string plain = Plain(text, next);
        return IsOpening(text, next)
                ? [(ValueForm.Plain, plain), .. Inside(text, next).Select(value => (ValueForm.Inside, value))]
            : Fallback.OfExpression(text, next) is int other && Quoted(text, other) is string fallback
                ? [(ValueForm.Plain, plain), (ValueForm.Inside, fallback)]
            : [(ValueForm.Plain, plain)];
    }

    /// <summary>An argument after the name, or the default of an option.</summary>
    private static IEnumerable<(ValueForm Form, string Value)> AfterComma(string text, int at, NameContext context)
    {
        string call = text.Substring(at, Math.Min(Window, text.Length - at)).Split("add_argument", 2)[0];
        int given = call.IndexOf("default=", StringComparison.Ordinal);
        if (given >= 0 && Quoted(call, given + "default=".Length) is string value)
        {
            return [(ValueForm.Quoted, value)];
        }

        return Quoted(text, AfterLineBreak(text, Separator.Blanks(text, at))) is string argument
            ? [(context.IsCall ? ValueForm.Quoted : ValueForm.Inside, argument)]
            : [];
    }

    private static IEnumerable<(ValueForm Form, string Value)> AfterBlank(string text, int at, NameContext context)
    {
        string? quoted = Quoted(text, at);
        string value = quoted ?? Plain(text, at);
        if (Array.IndexOf(Copulas, value) >= 0)
        {
            at = Separator.Blanks(text, at + value.Length);
            quoted = Quoted(text, at);
            value = quoted ?? Plain(text, at);
        }

        if (context.IsMacro && quoted is null)
        {
            return [];
        }

        bool isArgument = context.IsOption || context.IsAnchor || (context.IsEnvironment && context.IsCapital);
        return
            value.StartsWith('-')
            || value.TrimEnd('=').Contains('=', StringComparison.Ordinal)
            || !(isArgument || context.IsPassword)
            ? []
            : [(isArgument ? ValueForm.Quoted : ValueForm.Prose, value)];
    }

    private static IEnumerable<(ValueForm Form, string Value)> Items(string text, int at) =>
        YamlItems.At(text, Separator.Blanks(text, at)).Select(item => (ValueForm.Prose, item));

    /// <summary>A list, a table or a call.</summary>
    private static bool IsOpening(string text, int at)
    {
        int end = Math.Min(text.Length, at + Window);
        while (at < end && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.' or ':' or '&'))
        {
            at++;
        }

        return at < end && text[at] is '(' or '[' or '{';
    }

    private static List<string> Inside(string text, int at)
    {
        string line = Until(text, at, "\r\n", Window);
        List<string> values = [];
        for (int i = 0; i < line.Length && values.Count < MostInside; i++)
        {
            if (Quotes.Contains(line[i], StringComparison.Ordinal) && Quoted(line, i) is string value)
            {
                values.Add(value);
                i += value.Length + 1;
            }
        }

        return values;
    }

    /// <summary>Returns the place after an opening bracket and a line break, as formatters write long values.</summary>
    private static int AfterBracket(string text, int at) =>
        at < text.Length && text[at] == '(' ? AfterLineBreak(text, Separator.Blanks(text, at + 1)) : at;

    /// <summary>Returns the place after a line break and blanks; without a line break, the same.</summary>
    private static int AfterLineBreak(string text, int at) => LineBreak().EndOf(text, at) ?? at;

    /// <summary>Returns a quoted value; null if there is none. Quotes may be escaped, doubled or have a prefix.</summary>
    internal static string? Quoted(string text, int at)
    {
        int start = at;
        while (
            start < text.Length && start < at + 2 && "bBrRfFuULNE@$(".Contains(text[start], StringComparison.Ordinal)
        )
        {
            start++;
        }

        int quote = start;
        while (quote < text.Length && quote < start + 3 && text[quote] == '\\')
        {
            quote++;
        }

        if (quote >= text.Length || !Quotes.Contains(text[quote], StringComparison.Ordinal))
        {
            return null;
        }

        char sign = text[quote];
        bool triple = string.CompareOrdinal(text, quote, new string(sign, 3), 0, 3) == 0;
        int from = quote + (triple ? 3 : 1);
        int end = End(text, from, triple ? $"{sign}" : $"{sign}\r\n", skipsEscaped: quote == start);
        bool closed = end - from >= Longest || (end < text.Length && text[end] == sign);
        return closed ? text[from..end].TrimEnd('\\').Trim() : null;
    }

    /// <summary>Returns where a quoted value ends.</summary>
    /// <param name="skipsEscaped">Whether a quote after a backslash belongs to the value.</param>
    private static int End(string text, int from, string ends, bool skipsEscaped)
    {
        int end = from + Until(text, from, ends).Length;
        while (
            skipsEscaped
            && end > from
            && end < text.Length
            && end - from < Longest
            && text[end] == ends[0]
            && text[end - 1] == '\\'
        )
        {
            end += 1 + Until(text, end + 1, ends).Length;
        }

        return end;
    }

    private static string Plain(string text, int at)
    {
        string value = Until(text, at, " \t\r\n\"'`;<>", LongestPlain);
        int escape = value.IndexOf('\\', StringComparison.Ordinal);
        while (escape >= 0 && escape + 1 < value.Length && value[escape + 1] is not ('n' or 'r' or 't'))
        {
            escape = value.IndexOf('\\', escape + 1);
        }

        return escape >= 0 ? value[..escape] : value;
    }

    private static string Until(string text, int at, string ends, int longest = Longest)
    {
        ReadOnlySpan<char> rest = text.AsSpan(at, Math.Min(longest, text.Length - at));
        int end = rest.IndexOfAny(ends);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>
    /// A tag of YAML whose value is the name of a value elsewhere, as in "!Ref Password"; or a variable that a shell
    /// demands, as in "${1:?usage}".
    /// </summary>
    [GeneratedRegex(
        """\A(?:!(?:Ref|GetAtt|ImportValue|Sub|reference|secret|include|env(?:_var)?|file)[ \t]|\$\{\w{1,60}:?\?[^{}\r\n"'`]{0,200}\}(?:[\s;&|)\\"'`]|\z))""",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Reference();

    /// <summary>The tag and the anchor of a value in YAML, as in "!!str &amp;x value".</summary>
    [GeneratedRegex(
        """\A(?:(?:![^\s"'=&|]*|&[\w-]+)(?:[ \t]+(?=[^\s=&|\#]|&\w|[|>][-+0-9]{0,2}\s)|(?=\r?\n))){1,2}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Properties();

    /// <summary>A line break, perhaps after the sign of a block in YAML, a backslash or a comment.</summary>
    [GeneratedRegex(
        """\A(?:[|>][-+0-9]{0,2}|\\)?[ \t]*(?:(?://|\#)[^\r\n]*)?\r?\n[ \t]{0,20}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex LineBreak();
}
