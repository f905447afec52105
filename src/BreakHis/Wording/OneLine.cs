using System.Globalization;
using System.Text;

namespace BreakHis.Wording;

/// <summary>
/// Puts text on one line that is safe to print: no control character, line break or mark that reverses the direction of
/// text reaches a terminal.
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

    /// <summary>Writes line breaks and hidden characters as escapes, so that a quoted text stays recognisable.</summary>
    public static string Escaped(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when IsHidden(c) => line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => line.Append(c),
            };
        }

        return line.ToString();
    }

    // This includes format characters: some reverse the direction of the text after them.
    private static bool IsHidden(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
