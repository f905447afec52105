using System.Text;

namespace BreakHis.Data.Splits;

/// <summary>One field of a record.</summary>
/// <param name="IsQuoted">Whether it was quoted, so that blanks at its ends and a # at its beginning belong to it.</param>
internal readonly record struct CsvField(string Text, bool IsQuoted);

/// <summary>
/// Delimiter-separated values as in RFC 4180: quoted fields may contain separators, doubled quotes and line ends.
/// </summary>
internal static class Csv
{
    /// <summary>Each takes some dozens of bytes of memory, though only one in the file.</summary>
    private const int MostFields = 1000;

    /// <summary>
    /// Returns the records, each with the number of its first line, counted from 1; empty lines are skipped.
    /// </summary>
    /// <param name="quotes">Whether fields may be quoted.</param>
    /// <param name="wrong">Creates the error for a line, from its number and what is wrong with it.</param>
    public static IEnumerable<(long Line, CsvField[] Fields)> Records(
        string text,
        char separator,
        bool quotes,
        Func<long, string, Exception> wrong
    )
    {
        long line = 1;
        for (int at = 0; at < text.Length; )
        {
            long first = line;
            List<CsvField> fields = [];
            bool more = true;
            while (more)
            {
                bool isQuoted = quotes && at < text.Length && text[at] == '"';
                (string field, at) = isQuoted
                    ? Quoted(text, at + 1, separator)
                        ?? throw wrong(first, "unclosed quote, or text after a closing quote")
                    : Plain(text, at, separator);
                fields.Add(
                    fields.Count < MostFields
                        ? new CsvField(field, isQuoted)
                        : throw wrong(first, $"more than {MostFields} fields")
                );
                line += field.AsSpan().Count('\n');
                more = at < text.Length && text[at] == separator;
                at += more ? 1 : 0;
            }

            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            at += at < text.Length && text[at] == '\n' ? 1 : 0;
            line++;
            if (fields is not [{ Text: "" }])
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

    /// <summary>Parses a quoted field; returns null if its quote is not closed or text follows it.</summary>
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
