using System.Globalization;
using System.Text;

namespace BreakHis.Specs.Problems;

/// <summary>Something the user can mend, and where.</summary>
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="Message">What is wrong and what is allowed; may quote the user's text as it is.</param>
/// <param name="File">The file as the user named it, or the option, such as <c>--set a.b=c</c>.</param>
/// <param name="Line">The line from 1, or 0 where the whole file is meant.</param>
/// <param name="Column">The column from 1, or 0 where the whole file is meant.</param>
public sealed record Problem(string Code, string Message, string File, int Line, int Column)
{
    /// <summary>The problem on one line, in the form in which MSBuild and editors look for errors.</summary>
    public override string ToString()
    {
        string place = Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"({Line},{Column})") : " ";
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

    // Format characters too: some turn the direction of the text that follows.
    private static bool IsHidden(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
