using BreakHis.Reports.Templates;

namespace BreakHis.Reports.Sections;

/// <summary>A patch, split into groups of lines of the same kind.</summary>
internal static class Patch
{
    private const string Header = "diff --git ";

    public static List<TemplateModel> Pieces(string text)
    {
        List<(string Kind, List<string> Lines)> pieces = [];
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            string kind = Kind(line);
            if (pieces.Count == 0 || pieces[^1].Kind != kind)
            {
                pieces.Add((kind, []));
            }

            pieces[^1].Lines.Add(line + "\n");
        }

        return
        [
            .. pieces.Select(piece => new TemplateModel
            {
                ["kind"] = piece.Kind,
                ["text"] = string.Concat(piece.Lines),
            }),
        ];
    }

    /// <summary>Returns the paths of the files that a patch of this tool changes, in its order.</summary>
    public static IReadOnlyList<string> Files(string text) =>
        [
            .. text.Split('\n')
                .Where(line => line.StartsWith(Header, StringComparison.Ordinal))
                // Both halves name the same path: a/x b/x, or "a/x" "b/x" if it has unusual characters.
                .Select(line => line[Header.Length..((Header.Length + line.Length) / 2)].Trim('"')[2..])
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Returns the patch's length in words.</summary>
    public static string Length(string text) => NumberFormat.Count(text.TrimEnd('\n').Split('\n').Length, "line");

    private static string Kind(string line) =>
        line switch
        {
            ['@', '@', ..] or ['d', 'i', 'f', 'f', ' ', ..] or ['+', '+', '+', ..] or ['-', '-', '-', ..] => "head",
            ['+', ..] => "added",
            ['-', ..] => "removed",
            _ => "context",
        };
}
