using System.Globalization;
using System.Text;

namespace BreakHis.Wording;

/// <summary>
/// Puts text on one line that is safe to print: no line break and none of the <see cref="HiddenCharacters"/> reaches a
/// terminal.
/// </summary>
internal static class OneLine
{
    /// <summary>
    /// Joins the lines of a text, such as an exception's message, with blanks. Empty lines and blanks around lines are left
    /// out; other hidden characters are escaped.
    /// </summary>
    public static string Of(string text) =>
        Escaped(
            string.Join(
                ' ',
                text.ReplaceLineEndings("\n")
                    .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            )
        );

    /// <summary>
    /// Writes line breaks, hidden characters and unpaired surrogates as escapes, so that a quoted text stays recognisable.
    /// A character above U+FFFF is escaped as a pair, as in JSON.
    /// </summary>
    public static string Escaped(string text)
    {
        var line = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; )
        {
            bool isWhole = Rune.TryGetRuneAt(text, at, out Rune rune);
            int length = isWhole ? rune.Utf16SequenceLength : 1;
            ReadOnlySpan<char> units = text.AsSpan(at, length);
            _ = units[0] switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when isWhole && !HiddenCharacters.Has(rune) => line.Append(units),
                _ => Escape(line, units),
            };
            at += length;
        }

        return line.ToString();
    }

    private static StringBuilder Escape(StringBuilder line, ReadOnlySpan<char> units)
    {
        foreach (char unit in units)
        {
            line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }

        return line;
    }
}
