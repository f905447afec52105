using System.Text;
using System.Text.RegularExpressions;
using BreakHis.Reports;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>A page whose numbers were edited is found, wherever they are.</summary>
public sealed class PageComparisonTests
{
    private static readonly string Page = Report.Html(SyntheticReports.Several, "2.0");

    private static readonly string Older = Report.Html(SyntheticReports.Several, "1.0");

    private static readonly string OtherStyle = With(Older, "<style>", "<style>/* older */");

    [Fact]
    public void An_unchanged_page_is_the_same() => Assert.Equal(PageVerdict.Same, Compared(Page).Verdict);

    /// <summary>A style sheet can hide the numbers and show others.</summary>
    [Fact]
    public void A_page_of_this_version_with_another_style_was_edited()
    {
        PageComparison comparison = Compared(With(Page, "</style>", "td.n::after{content:\"96.3\"}</style>"));

        Assert.Equal(PageVerdict.Edited, comparison.Verdict);
        Assert.Contains("this version of the tool wrote it, but differs", comparison.Reason, StringComparison.Ordinal);
    }

    /// <summary>Headings that look the same, other numbers, and another style.</summary>
    [Fact]
    public void A_page_of_this_version_whose_cells_have_other_places_was_edited()
    {
        string page = Regex
            .Replace(
                Page,
                "<(?<tag>(h2|h3|caption)[^>]*)>",
                "<${tag}>Q ",
                RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            )
            .Replace("</style>", " </style>", StringComparison.Ordinal);

        Assert.Equal(PageVerdict.Edited, Compared(page).Verdict);
    }

    [Fact]
    public void A_hidden_character_in_a_heading_does_not_hide_its_cells()
    {
        string page = With(Number("96.3"), "BreakHis harness 2.0\">", "BreakHis harness 1.0\">");
        page = Regex.Replace(
            page,
            "<(?<tag>(h2|h3|caption)[^>]*)>",
            "<${tag}>&#8203;",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );

        PageComparison comparison = Compared(page);

        Assert.Equal(PageVerdict.Edited, comparison.Verdict);
        Assert.Contains("the page has '96.3", comparison.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\ufeff", "other bytes")]
    [InlineData("", "does not name the tool")]
    public void Bytes_and_the_name_of_the_tool_are_compared(string before, string reason)
    {
        string page = before + (before.Length > 0 ? Page : With(Page, "name=\"generator\"", "name=\"generator \""));

        PageComparison comparison = Compared(page);

        Assert.Equal(PageVerdict.Edited, comparison.Verdict);
        Assert.Contains(reason, comparison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_that_is_no_text_is_found()
    {
        byte[] page = [.. Encoding.UTF8.GetBytes(Page + "\n")];
        page[^1] = 0xff;

        Assert.Equal(PageVerdict.Edited, PageComparison.Of(page, Page + "\ufffd").Verdict);
    }

    [Fact]
    public void Of_a_page_of_another_version_only_the_numbers_can_be_compared()
    {
        PageComparison comparison = Compared(OtherStyle);

        Assert.Equal(PageVerdict.Unknown, comparison.Verdict);
        Assert.Contains(
            "the page says that BreakHis harness 1.0 wrote it",
            comparison.Reason,
            StringComparison.Ordinal
        );
        Assert.Contains("style were not checked", comparison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_of_another_version_with_other_texts_is_unknown()
    {
        PageComparison comparison = Compared(With(OtherStyle, "</main>", "<p>Epochs: 7</p></main>"));

        Assert.Equal(PageVerdict.Unknown, comparison.Verdict);
        Assert.Contains("'Epochs: 7'", comparison.Reason, StringComparison.Ordinal);
    }

    /// <summary>Other readers of such pages need minutes: then this test never ends.</summary>
    [Theory]
    [InlineData(100_000, "<")]
    [InlineData(2_000_000, "<")]
    [InlineData(300_000, "<tr><td>1</td></tr>")]
    public void Markup_that_takes_long_to_read_is_an_edit(int count, string markup)
    {
        string page = Inserted(
            Page.IndexOf("<td", StringComparison.Ordinal),
            string.Concat(Enumerable.Repeat(markup, count))
        );
        string older = With(page, "BreakHis harness 2.0\">", "BreakHis harness 1.0\">");

        Assert.Equal(PageVerdict.Edited, Compared(page).Verdict);
        Assert.NotEqual(PageVerdict.Same, Compared(older).Verdict);
    }

    [Fact]
    public void A_page_that_is_too_long_to_compare_differs_in_a_line()
    {
        PageComparison comparison = Compared(Inserted(Page.IndexOf('\n') + 1, new string(' ', 2_000_000)));

        Assert.Equal(PageVerdict.Edited, comparison.Verdict);
        Assert.Contains("differs from it in line 2", comparison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_edited_cell_is_named()
    {
        foreach (string edited in (string[])[Number("196.3"), With(Number("196.3"), "<style>", "<style>/* */")])
        {
            PageComparison comparison = Compared(edited);
            Assert.Equal(PageVerdict.Edited, comparison.Verdict);
            Assert.Matches("row '[^']+', column [0-9]+: the page has '196.3", comparison.Reason);
        }
    }

    /// <summary>Any digit of the page, in tables, texts, curves and attributes.</summary>
    [Fact]
    public void No_digit_can_be_changed() =>
        Gen.Int[0, Page.Length - 1]
            .Where(at => char.IsAsciiDigit(Page[at]))
            .Sample(
                at =>
                    Compared($"{Page[..at]}{(char)('0' + (Page[at] - '0' + 1) % 10)}{Page[(at + 1)..]}").Verdict
                    == (IsInVersion(at) ? PageVerdict.Unknown : PageVerdict.Edited),
                iter: 30
            );

    [Theory]
    [InlineData("")]
    [InlineData("<tr><td>")]
    [InlineData("<style></style><td>1</th></td>")]
    public void Any_text_can_be_compared(string page) => Assert.NotEqual("", Compared(page).Reason);

    [Fact]
    public void A_long_page_of_open_tags_is_compared() =>
        Assert.NotEqual("", Compared(string.Concat(Enumerable.Repeat("<td><h2>", 20_000))).Reason);

    /// <summary>Whether a character belongs to what the page says of its tool.</summary>
    private static bool IsInVersion(int at)
    {
        const string Begin = "<meta name=\"generator\" content=\"";
        int begin = Page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        return at >= begin && at < Page.IndexOf('"', begin);
    }

    private static PageComparison Compared(string page) => PageComparison.Of(Encoding.UTF8.GetBytes(page), Page);

    /// <summary>The page with another first number of a table.</summary>
    private static string Number(string text)
    {
        Match cell = Regex.Match(
            Page,
            "<td class=\"num\">(?<number>[0-9]+\\.[0-9]) ?",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Group number = cell.Groups["number"];
        return Page[..number.Index] + text + Page[(number.Index + number.Length)..];
    }

    private static string Inserted(int at, string text) => Page[..at] + text + Page[at..];

    private static string With(string page, string old, string text)
    {
        Assert.Contains(old, page, StringComparison.Ordinal);
        return page.Replace(old, text, StringComparison.Ordinal);
    }
}
