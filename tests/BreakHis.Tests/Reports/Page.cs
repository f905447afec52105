using System.Collections.Concurrent;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BreakHis.Ledger.Reading;
using BreakHis.Reports;

namespace BreakHis.Tests.Reports;

/// <summary>A report as a browser parses it. Parse errors throw.</summary>
internal sealed class Page(string html)
{
    public string Html { get; } = html;

    public IHtmlDocument Document { get; } =
        new HtmlParser(new HtmlParserOptions { IsStrictMode = true }).ParseDocument(html);

    private static readonly ConcurrentDictionary<string, Page> Drawn = new(StringComparer.Ordinal);

    /// <summary>A synthetic report, rendered and parsed once.</summary>
    public static Page Named(string name) => Drawn.GetOrAdd(name, n => Of([.. SyntheticReports.All[n]]));

    public static Page Of(params RecordedRun[] runs) => new(Report.Html(runs));

    public IReadOnlyList<IElement> All(string selector) => [.. Document.QuerySelectorAll(selector)];

    /// <summary>The text of all matches.</summary>
    public string Text(string selector) => string.Join('\n', All(selector).Select(Plain));

    /// <summary>The data cells of the row with this header in the matching tables.</summary>
    public IReadOnlyList<string> Row(string tables, string header) =>
        [
            .. All($"{tables} tbody tr")
                .Single(row => Plain(row.QuerySelector("th")!) == header)
                .QuerySelectorAll("td")
                .Select(Plain),
        ];

    /// <summary>An element's text, with runs of white space as single ordinary spaces.</summary>
    public static string Plain(IElement element) =>
        string.Join(' ', element.TextContent.Split([' ', '\u00a0', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
