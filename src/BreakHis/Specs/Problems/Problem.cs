using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace BreakHis.Specs.Problems;

/// <summary>A problem that the user can fix, and its place.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Message">The fault and what is expected instead; may quote the user's text unchanged.</param>
/// <param name="File">The file as the user named it, or the option, such as <c>--set a.b=c</c>.</param>
/// <param name="Line">The line, counted from 1, or 0 for the file as such.</param>
/// <param name="Column">The column, counted from 1, or 0 for the file as such.</param>
internal sealed record Problem(string Code, string Message, string File, int Line, int Column)
{
    /// <summary>
    /// Returns the problem on one line, in the format that MSBuild and editors recognise as an error.
    /// </summary>
    public override string ToString()
    {
        string place = Line > 0 ? Invariant($"({Line},{Column})") : " ";
        return $"{OnOneLine(File)}{place}: error {Code}: {OnOneLine(Message)}";
    }

    private static string OnOneLine(string text)
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
