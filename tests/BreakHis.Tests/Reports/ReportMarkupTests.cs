using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Xunit;

namespace BreakHis.Tests.Reports;

/// <summary>Rules for the markup of every report.</summary>
public sealed partial class ReportMarkupTests
{
    public static TheoryData<string> Names => [.. SyntheticReports.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_well_formed_with_one_title_main_and_top_heading(string name)
    {
        var page = Page.Named(name);
        Assert.Single(page.All("h1"));
        Assert.Single(page.All("main"));
        Assert.Single(page.All("body > header"));
        Assert.Single(page.All("body > footer"));
        Assert.NotEmpty(page.Document.Title!);
        Assert.Equal("en", page.Document.DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_self_contained_and_has_no_script(string name)
    {
        var page = Page.Named(name);
        Assert.Empty(page.All("script, link, img, iframe, object, embed, base, form, use, image, video, audio"));
        Assert.All(
            page.All("*").SelectMany(element => element.Attributes),
            attribute => Assert.True(IsHarmless(attribute), attribute.Name)
        );
        Assert.DoesNotMatch(@"url\(|@import", page.Text("style"));
        Assert.All(
            page.All("[href]"),
            link => Assert.StartsWith("#", link.GetAttribute("href")!, StringComparison.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ids_are_unique_and_references_resolve(string name)
    {
        var page = Page.Named(name);
        string[] ids = [.. page.All("[id]").Select(element => element.Id!)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        string[] references =
        [
            .. page.All("[aria-labelledby]")
                .SelectMany(element => element.GetAttribute("aria-labelledby")!.Split(' '))
                .Concat(page.All("a[href]").Select(link => link.GetAttribute("href")![1..])),
        ];
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference, ids, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Tables_and_charts_have_accessible_names(string name)
    {
        var page = Page.Named(name);
        Assert.NotEmpty(page.All("table"));
        // A run that failed in its first epoch has no charts.
        Assert.Equal(name != "failed", page.All("svg").Count > 0);
        Assert.All(page.All("table"), table => Assert.NotEmpty(table.QuerySelector("caption")!.TextContent));
        Assert.All(page.All("th"), header => Assert.NotNull(header.GetAttribute("scope")));
        Assert.All(
            page.All("svg"),
            svg =>
            {
                Assert.Equal("img", svg.GetAttribute("role"));
                Assert.NotEmpty(svg.QuerySelector("title")!.TextContent);
                Assert.NotEmpty(svg.QuerySelector("desc")!.TextContent);
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_of_a_table_have_as_many_cells_as_its_header(string name) =>
        Assert.All(
            Page.Named(name).All("table"),
            table =>
            {
                int width = table.QuerySelectorAll("thead tr:first-child th").Sum(Span);
                Assert.All(
                    table.QuerySelectorAll("tbody tr, tfoot tr"),
                    row => Assert.Equal(width, row.Children.Sum(Span))
                );
            }
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void Headings_skip_no_level(string name)
    {
        int[] levels = [.. Page.Named(name).All("h1, h2, h3, h4").Select(heading => heading.LocalName[1] - '0')];
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lines_end_in_line_feeds_without_control_or_reordering_characters(string name)
    {
        string html = Page.Named(name).Html;
        Assert.DoesNotContain('\r', html);
        Assert.DoesNotMatch(Unseen(), html);
        Assert.Equal(
            html,
            new System.Text.UTF8Encoding(false, true).GetString(
                new System.Text.UTF8Encoding(false, true).GetBytes(html)
            )
        );
        Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_strings_are_shown_as_text()
    {
        var page = Page.Named("hostile");
        Assert.Equal(
            SyntheticReports.HostileName.Replace("\u202e", "[U+202E]", StringComparison.Ordinal),
            page.Document.QuerySelector("h1")!.TextContent
        );
        Assert.Contains(
            "</style></pre><img src=x onerror=alert(1)>␍\n␀ \ufffd {{ it }} ok",
            page.Document.QuerySelector(".about")!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Contains("<b>a</b>", page.Text(".confusion"), StringComparison.Ordinal);
        Assert.Contains("{{ raw }}", page.Text(".confusion"), StringComparison.Ordinal);
        Assert.Contains("</pre><script>x</script>", page.Text(".patch"), StringComparison.Ordinal);
        Assert.DoesNotContain("49", page.Text("h1"), StringComparison.Ordinal);
    }

    private static int Span(IElement cell) =>
        int.Parse(cell.GetAttribute("colspan") ?? "1", System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsHarmless(IAttr attribute) =>
        !attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        && attribute.Name is not ("src" or "style" or "srcset" or "action");

    [GeneratedRegex(@"[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]", RegexOptions.None, 10_000)]
    private static partial Regex Unseen();
}
