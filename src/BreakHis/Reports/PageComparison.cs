using System.Net;
using System.Text.RegularExpressions;

namespace BreakHis.Reports;

/// <summary>What a comparison of a page with its runs found.</summary>
internal enum PageVerdict
{
    /// <summary>The page is what the runs give.</summary>
    Same,

    /// <summary>The page was edited.</summary>
    Edited,

    /// <summary>Another version of the tool wrote the page, so that only its numbers can be compared.</summary>
    Unknown,
}

/// <summary>Compares a page with the one that its runs give today. The pin of a page says nothing about its numbers.</summary>
/// <param name="Reason">What is the same, or the first difference.</param>
internal sealed partial record PageComparison(PageVerdict Verdict, string Reason)
{
    private const int Longest = 10_000;

    // After h3 in order.
    private const string Caption = "h4";

    /// <summary>Compares a page.</summary>
    /// <param name="page">The page as it is.</param>
    /// <param name="rendered">The page of the same runs, from the ledger.</param>
    /// <param name="ledgerRow">The name of table rows that need not match, or null: of several runs of another ledger, it
    /// is not known where the ledger was at each of them.</param>
    public static PageComparison Of(string page, string rendered, string? ledgerRow = null)
    {
        if (page == rendered)
        {
            return new(PageVerdict.Same, "the page is what these runs give, byte for byte");
        }

        if (ledgerRow is not null)
        {
            (page, rendered) = (WithoutRows(page, ledgerRow), WithoutRows(rendered, ledgerRow));
            if (page == rendered)
            {
                return new(PageVerdict.Same, $"the page is what these runs give, except for the rows '{ledgerRow}'");
            }
        }

        List<Cell> cells = Cells(page);
        ILookup<string, string> expected = Cells(rendered)
            .ToLookup(cell => cell.Place, cell => cell.Text, StringComparer.Ordinal);
        Cell? edited = cells.Find(cell =>
            expected.Contains(cell.Place) && !expected[cell.Place].Contains(cell.Text, StringComparer.Ordinal)
        );
        return edited is not null
            ? new(
                PageVerdict.Edited,
                $"{edited.Place}: the page has '{edited.Text}', but the ledger gives '{string.Join("' or '", expected[edited.Place].Distinct(StringComparer.Ordinal))}'"
            )
            : OfTexts(page, rendered);
    }

    /// <summary>Compares what is not in a table.</summary>
    private static PageComparison OfTexts(string page, string rendered)
    {
        HashSet<string> known = [.. Numbers(rendered)];
        string[] numbers = [.. Numbers(page)];
        string? stranger = Array.Find(numbers, text => !known.Contains(text));
        return (StyleOf(page) == StyleOf(rendered), stranger) switch
        {
            (true, null) => new(
                PageVerdict.Edited,
                $"the page differs from that of the ledger in line {FirstDifference(page, rendered)}"
            ),
            (true, _) => new(PageVerdict.Edited, $"the page has '{stranger}', but that of the ledger has not"),
            (false, null) => new(
                PageVerdict.Unknown,
                $"another version of the tool wrote the page, or its style was edited: it has the same {numbers.Length} texts with numbers; its style and other texts were not compared"
            ),
            (false, _) => new(
                PageVerdict.Unknown,
                $"another version of the tool wrote the page, and this one does not write '{stranger}'"
            ),
        };
    }

    private static string WithoutRows(string page, string name) =>
        Row().Replace(page, row => Plain(row.Groups["name"].Value) == name ? "" : row.Value);

    /// <summary>Returns the cells of tables with their places: headings, the row's first cell, and the number of the column.</summary>
    private static List<Cell> Cells(string page)
    {
        List<Cell> cells = [];
        var headings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        (string row, int column) = ("", 0);
        foreach (Match match in Part().Matches(page))
        {
            string text = Plain(match.Groups["text"].Value);
            switch (match.Groups["tag"].Value)
            {
                case "":
                    (row, column) = ("", 0);
                    break;
                case "th" or "td":
                    row = column == 0 ? text : row;
                    string[] at = [.. headings.Values.Where(heading => heading.Length > 0)];
                    cells.Add(new Cell(string.Join(", ", [.. at, $"row '{row}', column {column + 1}"]), row, text));
                    column++;
                    break;
                case var heading:
                    headings[heading == "caption" ? Caption : heading] = text;
                    if (heading == "h2")
                    {
                        (headings["h3"], headings[Caption]) = ("", "");
                    }

                    break;
            }
        }

        return cells;
    }

    /// <summary>Returns the texts between tags that contain a digit, without the style sheet.</summary>
    private static IEnumerable<string> Numbers(string page) =>
        Text()
            .Matches(page[Math.Max(0, page.IndexOf("</style>", StringComparison.Ordinal))..])
            .Select(match => WebUtility.HtmlDecode(match.Groups["text"].Value).Trim())
            .Where(text => text.Any(char.IsAsciiDigit));

    private static string StyleOf(string page)
    {
        int start = page.IndexOf("<style>", StringComparison.Ordinal);
        int end = page.IndexOf("</style>", StringComparison.Ordinal);
        return start >= 0 && end > start ? page[start..end] : "";
    }

    private static int FirstDifference(string page, string rendered) =>
        page.Split('\n').Zip(rendered.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count() + 1;

    private static string Plain(string html) => WebUtility.HtmlDecode(Tag().Replace(html, "")).Trim();

    [GeneratedRegex(
        @"<tr\b[^>]*>|<(?<tag>h2|h3|caption|th|td)\b[^>]*>(?<text>[^<]*(?:<(?!/?(?:h2|h3|caption|th|td|tr)\b)[^<]*)*)</\k<tag>>",
        RegexOptions.ExplicitCapture,
        Longest
    )]
    private static partial Regex Part();

    [GeneratedRegex(
        @"<tr\b[^>]*>\s*<t[hd]\b[^>]*>(?<name>(?:[^<]|<(?!/t[hd]>))*)</t[hd]>(?:[^<]|<(?!/tr>))*</tr>",
        RegexOptions.ExplicitCapture,
        Longest
    )]
    private static partial Regex Row();

    [GeneratedRegex(">(?<text>[^<>]+)<", RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex Text();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, Longest)]
    private static partial Regex Tag();

    /// <summary>A cell of a table.</summary>
    private sealed record Cell(string Place, string Row, string Text);
}
