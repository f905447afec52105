namespace BreakHis.Wording;

/// <summary>Puts text of several lines, such as an exception's message, on one line.</summary>
internal static class OneLine
{
    /// <summary>Joins the lines of a text with blanks. Empty lines and blanks around lines are left out.</summary>
    public static string Of(string text) =>
        string.Join(
            ' ',
            text.ReplaceLineEndings("\n")
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        );
}
