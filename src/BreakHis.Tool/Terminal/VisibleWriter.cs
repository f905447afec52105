using System.Text;
using BreakHis.Wording;

namespace BreakHis.Tool.Terminal;

/// <summary>
/// Shows hidden characters instead of sending them: a name from a record, a spec, a file or a branch must not command a
/// terminal. What is written as a line stays one line.
/// </summary>
/// <param name="to">Where the visible text goes.</param>
internal sealed class VisibleWriter(TextWriter to) : TextWriter
{
    // The first half of a character whose second half may be written next.
    private string _half = "";

    /// <inheritdoc/>
    public override Encoding Encoding => to.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    /// <summary>Writes a text of any number of lines.</summary>
    public override void Write(string? value)
    {
        string text = _half + value;
        _half = text is [.., var last] && char.IsHighSurrogate(last) ? $"{last}" : "";
        text = text[..^_half.Length];
        to.Write(string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(OneLine.Escaped)));
    }

    /// <summary>Writes one line; line breaks within it are shown.</summary>
    public override void WriteLine(string? value)
    {
        to.WriteLine(OneLine.Escaped(_half + value));
        _half = "";
    }

    /// <inheritdoc/>
    public override void WriteLine(object? value) => WriteLine(value?.ToString());

    /// <inheritdoc/>
    public override void WriteLine() => WriteLine("");

    /// <inheritdoc/>
    public override void Flush() => to.Flush();
}
