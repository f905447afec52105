using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Values below a name in a table of CSV or Markdown, or next to it in one of Markdown.</summary>
internal static partial class TableColumn
{
    private const int LongestHeader = 200;
    private const int Window = 500;
    private static readonly char[] Around = [.. " \t\r\"'`*\uFEFF"];

    private const string Delimiters = "|\t;,";

    /// <summary>
    /// Returns the values that may belong to a name, if it is the whole of a cell. A text that begins with the names of
    /// its columns is a table; others may only resemble one.
    /// </summary>
    /// <param name="start">Where the name begins.</param>
    /// <param name="end">Where the name ends.</param>
    /// <param name="weight">What the name suggests.</param>
    public static IEnumerable<(ValueForm Form, string Value)> Of(string text, int start, int end, SecretWeight weight)
    {
        int before = Math.Min(start, LongestHeader);
        int first = start - before + text.AsSpan(start - before, before).LastIndexOf('\n') + 1;
        string[] lines = text.Substring(first, Math.Min(Window, text.Length - first)).Split('\n');
        char delimiter = Delimiters.FirstOrDefault(sign => lines[0].Contains(sign, StringComparison.Ordinal));
        if (delimiter == default)
        {
            yield break;
        }

        string[] names = Cells(lines[0], delimiter);
        int column = lines[0].AsSpan(0, start - first).Count(delimiter);
        if (!text.AsSpan(start, end - start).SequenceEqual(names[column]))
        {
            yield break;
        }

        if (delimiter == '|' && column + 1 < names.Length)
        {
            yield return (ValueForm.Prose, names[column + 1]);
        }

        if (!names.All(name => Name().IsMatch(name)) || (delimiter != '|' && names[^1].Length == 0))
        {
            yield break;
        }

        IEnumerable<string[]> rows = lines.Skip(1).Select(line => Cells(line, delimiter));
        foreach (string[] cells in rows.TakeWhile(cells => cells.Length == names.Length))
        {
            yield return (
                first == 0 && weight == SecretWeight.Strong ? ValueForm.Quoted : ValueForm.Prose,
                cells[column]
            );
        }
    }

    private static string[] Cells(string line, char delimiter) =>
        [.. line.Split(delimiter).Select(cell => cell.Trim(Around))];

    [GeneratedRegex("""^[\w ./+-]{0,40}$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Name();
}
