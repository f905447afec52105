using System.Text;

namespace BreakHis.Data.Splits;

/// <summary>Separated values as RFC 4180 has them: quoted fields may hold separators, doubled quotes and line ends.</summary>
internal static class Csv
{
    /// <summary>The records with the number of the line that each begins in, from 1; empty lines are passed over.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">What separates fields.</param>
    /// <param name="quotes">Whether fields may be quoted.</param>
    /// <param name="notClosed">Makes the error for the line with a quote that is not closed, or that text follows.</param>
    public static IEnumerable<(long Line, string[] Fields)> Records(
        string text,
        char separator,
        bool quotes,
        Func<long, Exception> notClosed
    )
    {
        long line = 1;
        for (int at = 0; at < text.Length; )
        {
            long first = line;
            List<string> fields = [];
            bool more = true;
            while (more)
            {
                (string field, at) =
                    quotes && at < text.Length && text[at] == '"'
                        ? Quoted(text, at + 1, separator) ?? throw notClosed(first)
                        : Plain(text, at, separator);
                fields.Add(field);
                line += field.AsSpan().Count('\n');
                more = at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            }

            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            at += at < text.Length && text[at] == '\n' ? 1 : 0;
            line++;
            if (fields is not [""])
            {
                yield return (first, [.. fields]);
            }
        }
    }

    private static (string Field, int End) Plain(string text, int at, char separator)
    {
        int length = text.AsSpan(at).IndexOfAny(separator, '\r', '\n');
        int end = length < 0 ? text.Length : at + length;
        return (text[at..end], end);
    }

    /// <summary>A quoted field; null if its quote is not closed, or if text follows it.</summary>
    private static (string Field, int End)? Quoted(string text, int at, char separator)
    {
        var field = new StringBuilder();
        while (true)
        {
            int quote = text.IndexOf('"', at);
            if (quote < 0)
            {
                return null;
            }

            field.Append(text, at, quote - at);
            at = quote + 1;
            if (at < text.Length && text[at] == '"')
            {
                field.Append('"');
                at++;
            }
            else
            {
                return at == text.Length || text[at] == separator || text[at] is '\r' or '\n'
                    ? (field.ToString(), at)
                    : null;
            }
        }
    }
}
