using BreakHis.Wording;
using Spectre.Console;

namespace BreakHis.Tool.Terminal;

/// <summary>Text in tables and progress bars, which <see cref="VisibleWriter"/> cannot see.</summary>
internal static class Cell
{
    /// <summary>Returns markup that shows a text as it is: neither markup in it nor control characters have an effect.</summary>
    public static string Of(string text) => Markup.Escape(OneLine.Escaped(text));
}
