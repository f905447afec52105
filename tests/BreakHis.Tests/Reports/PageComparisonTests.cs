using System.Text.RegularExpressions;
using BreakHis.Reports;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>A page whose numbers were edited is found, wherever they are.</summary>
public sealed class PageComparisonTests
{
    private static readonly string Page = Report.Html(SyntheticReports.Several);

    private static readonly string OtherStyle = Page.Replace("<style>", "<style>/* older */", StringComparison.Ordinal);

    [Fact]
    public void An_unchanged_page_is_the_same() =>
        Assert.Equal(PageVerdict.Same, PageComparison.Of(Page, Page).Verdict);

    [Fact]
    public void Of_a_page_of_another_style_only_the_numbers_can_be_compared() =>
        Assert.Equal(PageVerdict.Unknown, PageComparison.Of(OtherStyle, Page).Verdict);

    [Fact]
    public void A_page_of_another_version_with_other_texts_is_unknown()
    {
        string page = OtherStyle.Replace("</main>", "<p>Epochs: 7</p></main>", StringComparison.Ordinal);

        var comparison = PageComparison.Of(page, Page);

        Assert.Equal(PageVerdict.Unknown, comparison.Verdict);
        Assert.Contains("'Epochs: 7'", comparison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_edited_cell_is_named()
    {
        Match cell = Regex.Match(
            Page,
            "<td class=\"num\">(?<number>[0-9]+\\.[0-9]) ?",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        Group number = cell.Groups["number"];
        string page = Page[..number.Index] + "196.3" + Page[(number.Index + number.Length)..];

        foreach (string edited in (string[])[page, page.Replace("<style>", "<style>/* */", StringComparison.Ordinal)])
        {
            var comparison = PageComparison.Of(edited, Page);
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
                    PageComparison
                        .Of($"{Page[..at]}{(char)('0' + (Page[at] - '0' + 1) % 10)}{Page[(at + 1)..]}", Page)
                        .Verdict
                    == (
                        at < Page.IndexOf("</style>", StringComparison.Ordinal)
                        && at > Page.IndexOf("<style>", StringComparison.Ordinal)
                            ? PageVerdict.Unknown
                            : PageVerdict.Edited
                    ),
                iter: 30
            );

    [Fact]
    public void Rows_that_another_ledger_gives_may_differ()
    {
        const string Row = "<bdi>fingerprint</bdi></th><td><bdi>";
        string page = Page.Replace(Row, Row + "0", StringComparison.Ordinal);

        Assert.Equal(PageVerdict.Edited, PageComparison.Of(page, Page).Verdict);
        Assert.Equal(PageVerdict.Same, PageComparison.Of(page, Page, "fingerprint").Verdict);
        string edited = page.Replace("</main>", "<h1>Accuracy 99.9 %</h1></main>", StringComparison.Ordinal);
        Assert.Equal(PageVerdict.Edited, PageComparison.Of(edited, Page, "fingerprint").Verdict);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<tr><td>")]
    [InlineData("<style></style><td>1</th></td>")]
    public void Any_text_can_be_compared(string page) => Assert.NotEqual("", PageComparison.Of(page, Page).Reason);

    [Fact]
    public void A_long_page_of_open_tags_is_compared() =>
        Assert.NotEqual("", PageComparison.Of(string.Concat(Enumerable.Repeat("<td><h2>", 20_000)), Page).Reason);
}
