using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace BreakHis.Data.Splits;

/// <summary>Writes split files.</summary>
internal static class SplitFileText
{
    /// <summary>
    /// Returns for each image its file name, with as many parent folders as distinguish it from the others: a name that
    /// is also right for a copy of the images in another folder.
    /// </summary>
    /// <param name="images">Relative paths with forward slashes.</param>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> images)
    {
        string[] names = [.. images.Select(image => SplitPath.End(image, 1))];
        for (int folders = 2; ; folders++)
        {
            int[] shared =
            [
                .. names
                    .Index()
                    .GroupBy(name => name.Item, StringComparer.Ordinal)
                    .Where(group => group.Count() > 1)
                    .SelectMany(group => group.Select(name => name.Index))
                    .Where(index => names[index].Length < images[index].Length),
            ];
            if (shared.Length == 0)
            {
                return names;
            }

            foreach (int index in shared)
            {
                names[index] = SplitPath.End(images[index], folders);
            }
        }
    }

    /// <summary>Returns lines as a CSV file.</summary>
    public static string Of(IReadOnlyList<SplitLine> lines)
    {
        bool folds = lines.Any(line => line.Fold is not null);
        var text = new StringBuilder(folds ? "file,fold,side\n" : "file,side\n");
        foreach (SplitLine line in lines)
        {
            string fold = folds ? Invariant($"{line.Fold},") : "";
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(AsText(line.Name))},{fold}{Sides.Word(line.Side)}\n");
        }

        return text.ToString();
    }

    /// <summary>Returns a path that no spreadsheet takes for a formula; it names the same image.</summary>
    private static string AsText(string path) =>
        path is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "./" + path : path;

    // Quoted as in RFC 4180, and if reading would take the field for a comment or cut its blanks.
    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") >= 0 || SplitFile.IsComment(field) || field.Trim() != field
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;
}
