using BreakHis.Wording;
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
        return $"{OneLine.Escaped(File)}{place}: error {Code}: {OneLine.Escaped(Message)}";
    }
}
