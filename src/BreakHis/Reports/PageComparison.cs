using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Reports;

/// <summary>What a comparison of a page with its runs found.</summary>
internal enum PageVerdict
{
    /// <summary>The page is what the runs give.</summary>
    Same,

    /// <summary>The page was edited.</summary>
    Edited,

    /// <summary>The page names another version of the tool, so that it cannot be compared as a whole.</summary>
    Unknown,
}

/// <summary>Compares a page with the one that its runs give today. The pin of a page says nothing about its numbers.</summary>
/// <param name="Reason">What is the same, or the first difference.</param>
internal sealed partial record PageComparison(PageVerdict Verdict, string Reason)
{
    private const int Longest = 10_000;

    /// <summary>The bytes by which a page of another version may be longer than twice that of this one.</summary>
    private const int LongestAddition = 256 << 10;

    // After h3 in order.
    private const string Caption = "h4";

    /// <summary>Compares a page.</summary>
    /// <param name="file">The page as it is.</param>
    /// <param name="rendered">The page of the same runs, from the ledger.</param>
    public static PageComparison Of(byte[] file, string rendered)
    {
        if (file.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(rendered)))
        {
            return new(PageVerdict.Same, "the page matches the ledger, byte for byte");
        }

        long most = (2L * Encoding.UTF8.GetByteCount(rendered)) + LongestAddition;
        if (file.Length > most)
        {
            return TooLong(Encoding.UTF8.GetString(file), rendered);
        }

        try
        {
            return Different(file, rendered);
        }
        catch (RegexMatchTimeoutException)
        {
            return new(
                PageVerdict.Edited,
                "the page has markup that this tool does not write, and takes too long to read"
            );
        }
    }

    /// <summary>Reading such a page can take hours.</summary>
    private static PageComparison TooLong(string page, string rendered) =>
        Generators(page) is [var tool] && tool != Generators(rendered)[0]
            ? new(
                PageVerdict.Unknown,
                $"the page says that {tool} wrote it, but is more than twice as long as that of the ledger, so its numbers were not compared"
            )
            : new(
                PageVerdict.Edited,
                Invariant(
                    $"the page is more than twice as long as that of the ledger, and differs from it in line {FirstLine(page, rendered)}"
                )
            );

    private static PageComparison Different(byte[] file, string rendered)
    {
        string page = Encoding.UTF8.GetString(file);
        return EditedCell(page, rendered) is string edited ? new(PageVerdict.Edited, edited)
            : Generators(page) is [var tool] && tool != Generators(rendered)[0] ? OfAnotherVersion(page, rendered, tool)
            : new(PageVerdict.Edited, FirstDifference(page, rendered));
    }

    /// <summary>Returns the first cell that the ledger does not give at its place, or null.</summary>
    private static string? EditedCell(string page, string rendered)
    {
        ILookup<string, string> expected = Cells(rendered)
            .ToLookup(cell => cell.Place, cell => cell.Text, StringComparer.Ordinal);
        Cell? edited = Cells(page)
            .Find(cell =>
                expected.Contains(cell.Place) && !expected[cell.Place].Contains(cell.Text, StringComparer.Ordinal)
            );
        return edited is null
            ? null
            : $"{edited.Place}: the page has '{edited.Text}', but the ledger gives '{string.Join("' or '", expected[edited.Place].Distinct(StringComparer.Ordinal))}'";
    }

    /// <summary>
    /// Compares the numbers of a page that this tool did not write. Anything else on it, such as its style, can show other
    /// numbers, so the comparison decides nothing.
    /// </summary>
    private static PageComparison OfAnotherVersion(string page, string rendered, string tool)
    {
        HashSet<string> places = [.. Cells(rendered).Select(cell => cell.Place)];
        HashSet<string> known = [.. Numbers(rendered)];
        int cells = Cells(page).Count(cell => places.Contains(cell.Place));
        string[] strangers = [.. Numbers(page).Where(text => !known.Contains(text))];
        string compared =
            $"the page says that {tool} wrote it, and {Generators(rendered)[0]} cannot check it as a whole: {Plural.Of(cells, "table cell matches", "table cells match")} the ledger";
        return new(
            PageVerdict.Unknown,
            strangers.Length == 0
                ? $"{compared}; its other texts, curves and style were not checked"
                : $"{compared}, but {Plural.Of(strangers.Length, "text with a number is", "texts with numbers are")} not among those that the ledger gives, such as '{strangers[0]}'; other texts, curves and style were not checked"
        );
    }

    /// <summary>Returns the tools that a page names as its generator; every version of this one names itself once.</summary>
    private static string[] Generators(string page) =>
        [.. Generator().Matches(page).Select(match => Plain(match.Groups["tool"].Value))];

    /// <summary>Names the first difference of a page that this version of the tool would have written otherwise.</summary>
    private static string FirstDifference(string page, string rendered)
    {
        if (Generators(page).Length != 1)
        {
            return "the page does not name the tool that wrote it, which every version of this tool does";
        }

        if (page == rendered || page.TrimStart('\ufeff') == rendered)
        {
            return "the page has other bytes than that of the ledger, such as a byte order mark, and the same text";
        }

        HashSet<string> known = [.. Numbers(rendered)];
        return Numbers(page).FirstOrDefault(text => !known.Contains(text)) is string stranger
            ? $"the page has '{stranger}', but that of the ledger has not"
            : Invariant(
                $"the page says that this version of the tool wrote it, but differs from that of the ledger in line {FirstLine(page, rendered)}"
            );
    }

    private static int FirstLine(string page, string rendered) =>
        page.AsSpan(0, page.AsSpan().CommonPrefixLength(rendered)).Count('\n') + 1;

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
                    cells.Add(new Cell(string.Join(", ", [.. at, $"row '{row}', column {column + 1}"]), text));
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
            .Select(match => Plain(match.Groups["text"].Value))
            .Where(text => text.Any(char.IsAsciiDigit));

    /// <summary>
    /// Returns the text of HTML as a reader sees it: without hidden characters, with ordinary digits and blanks. So a
    /// heading with a character that cannot be seen is still that heading.
    /// </summary>
    private static string Plain(string html)
    {
        string decoded = WebUtility.HtmlDecode(Tag().Replace(html, ""));
        string visible = string.Concat(
            decoded.EnumerateRunes().Where(rune => Rune.IsWhiteSpace(rune) || !HiddenCharacters.Has(rune))
        );
        return Blanks().Replace(visible.Normalize(NormalizationForm.FormKC), " ").Trim();
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, Longest)]
    private static partial Regex Blanks();

    [GeneratedRegex("<meta name=\"generator\" content=\"(?<tool>[^\"<>]*)\">", RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex Generator();

    [GeneratedRegex(
        @"<tr\b[^>]*>|<(?<tag>h2|h3|caption|th|td)\b[^>]*>(?<text>[^<]*(?:<(?!/?(?:h2|h3|caption|th|td|tr)\b)[^<]*)*)</\k<tag>>",
        RegexOptions.ExplicitCapture,
        Longest
    )]
    private static partial Regex Part();

    [GeneratedRegex(">(?<text>[^<>]+)<", RegexOptions.ExplicitCapture, Longest)]
    private static partial Regex Text();

    [GeneratedRegex("<[^<>]*>", RegexOptions.None, Longest)]
    private static partial Regex Tag();

    /// <summary>A cell of a table.</summary>
    private sealed record Cell(string Place, string Text);
}
