using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>What separates a name from its value.</summary>
internal enum SeparatorKind
{
    /// <summary>Nothing that assigns.</summary>
    None,

    /// <summary>An equals sign or colon with blanks around it, or another operator.</summary>
    Operator,

    /// <summary>An equals sign without blanks.</summary>
    Tight,

    /// <summary>The end of an opening tag.</summary>
    Element,

    /// <summary>The end of an opening tag after a quoted name.</summary>
    Attribute,

    /// <summary>A comma after a quoted name.</summary>
    Comma,

    /// <summary>The beginning of a property or function, up to the value that it returns.</summary>
    Definition,

    /// <summary>The opening bracket of a call.</summary>
    Call,

    /// <summary>An operator that gives another value for want of the named one.</summary>
    Fallback,

    /// <summary>Blanks alone.</summary>
    Blank,
}

/// <summary>A separator, and where the value after it begins.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly partial record struct Separator(SeparatorKind Kind, int Value)
{
    private const int MostBlanks = 20;
    private const int LongestType = 40;
    private const int LongestTag = 200;
    private const int LongestComment = 80;

    private static readonly string[] Operators = ["===", "==", "=>", "<-", ":=", "?=", "+=", "=", ":", "：", "＝"];

    /// <summary>Returns the separator after a name.</summary>
    /// <param name="isTag">Whether the name is that of an element of XML.</param>
    public static Separator After(string text, int end, bool isTag)
    {
        int at = Index().EndOf(text, end) ?? end;
        end = at;
        while (at < text.Length && at < end + 4 && text[at] is '"' or '\'' or '`' or '\\' or ']' or ')' or '*')
        {
            at++;
        }

        bool closed = at > end;
        if (NamedValue.After(text, at) is Separator named)
        {
            return named;
        }

        if (isTag)
        {
            int tag = text.AsSpan(at, Math.Min(LongestTag, text.Length - at)).IndexOfAny('<', '>');
            return tag >= 0 && text[at + tag] == '>' ? new(SeparatorKind.Element, at + tag + 1) : default;
        }

        if (closed && NamedValue.Content(text, at) is int content)
        {
            return new(SeparatorKind.Attribute, content);
        }

        if (Fallback.OfName(text, at) is int other)
        {
            return new(SeparatorKind.Fallback, other);
        }

        if (ReturnedValue.After(text, at) is int returned)
        {
            return new(SeparatorKind.Definition, returned);
        }

        if (KeyEnd().EndOf(text, at) is int afterKey)
        {
            return new(SeparatorKind.Operator, afterKey);
        }

        int next = Blanks(text, at);
        return closed && text.AsSpan(next).StartsWith(",") ? new(SeparatorKind.Comma, next + 1)
            : text.AsSpan(next).StartsWith("(") && (next == end || Call().EndOf(text, next) is not null)
                ? new(SeparatorKind.Call, next + 1)
            : Sign(text, at, next, closed);
    }

    private static Separator Sign(string text, int at, int next, bool closed)
    {
        string? sign = Array.Find(Operators, candidate => text.AsSpan(next).StartsWith(candidate));
        return sign == ":" && text.AsSpan(next).StartsWith("::") ? default
            : sign is null
                ? next > at && !closed ? new(SeparatorKind.Blank, next)
                    : default
            : sign == "=" && next == at && next + 1 < text.Length && text[next + 1] is not (' ' or '\t')
                ? new(SeparatorKind.Tight, next + 1)
            : new(
                SeparatorKind.Operator,
                sign is ":" or "?=" ? AfterType(text, AfterEmphasis(text, next + 1)) : next + sign.Length
            );
    }

    /// <summary>Returns the place after blanks, with a comment between them.</summary>
    public static int Blanks(string text, int at)
    {
        int next = AfterBlanks(text, at);
        int comment = text.AsSpan(next).StartsWith("/*")
            ? text.AsSpan(next, Math.Min(LongestComment, text.Length - next)).IndexOf("*/")
            : -1;
        return comment < 0 ? next : AfterBlanks(text, next + comment + "*/".Length);
    }

    private static int AfterBlanks(string text, int at)
    {
        int end = Math.Min(text.Length, at + MostBlanks);
        while (at < end && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>Returns the place after a type and its equals sign, as in "TOKEN: str = ..."; without one, the same.</summary>
    private static int AfterType(string text, int at)
    {
        int next = Blanks(text, at);
        int end = Math.Min(text.Length, next + LongestType);
        while (
            next < end
            && (char.IsAsciiLetterOrDigit(text[next]) || "._[]<>|?&* ".Contains(text[next], StringComparison.Ordinal))
        )
        {
            next++;
        }

        if (next >= end || text[next] != '=')
        {
            return at;
        }

        int value = Blanks(text, next + 1);
        bool isEnd = value >= text.Length || text[value] is '=' or '\r' or '\n' or ',' or '}';
        // Without a blank before it, an equals sign at the end belongs to a value in base 64.
        return isEnd && text[next - 1] != ' ' ? at : next + 1;
    }

    /// <summary>Returns the place after the end of an emphasis in Markdown, as in "**Password:** ...".</summary>
    private static int AfterEmphasis(string text, int at)
    {
        while (at < text.Length && text[at] == '*')
        {
            at++;
        }

        return at;
    }

    /// <summary>The index or the size of an array, as in key[16].</summary>
    [GeneratedRegex("""\A\[[\w.+*"' -]{1,30}\]""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Index();

    /// <summary>The end of a key of YAML and the colon that begins the next line, as in "? password".</summary>
    [GeneratedRegex(
        """\A[ \t]{0,20}(?:\#[^\r\n]*)?\r?\n[ \t]{0,20}:\s{1,40}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex KeyEnd();

    [GeneratedRegex("""\A\([ \t]{0,20}[@$]?["'`]""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Call();
}
