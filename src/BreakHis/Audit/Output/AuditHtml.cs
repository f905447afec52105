using System.Xml.Linq;
using BreakHis.Ledger;
using BreakHis.Wording;

namespace BreakHis.Audit.Output;

/// <summary>Writes an audit as one self-contained HTML file to hand on: the verdict first, every check below.</summary>
internal static class AuditHtml
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --good: #1a7f4b; --bad: #c0392b; --open: #a06a00; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; margin-bottom: .3rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        .verdict { font-size: 1.2rem; font-weight: 600; margin: .5rem 0; }
        table { border-collapse: collapse; width: 100%; }
        td, th { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-top: 1px solid var(--line); }
        td:last-child { overflow-wrap: anywhere; } td:not(:last-child), th { white-space: nowrap; }
        code { overflow-wrap: anywhere; } .pass { color: var(--good); } .fail { color: var(--bad); }
        .inconclusive { color: var(--open); }
        @media (prefers-color-scheme: dark) { :root { --good: #58c98b; --bad: #ff8a7a; --open: #e0b050; } }
        """;

    /// <summary>Returns the document.</summary>
    /// <param name="title">Returns the title of a run by ID.</param>
    /// <param name="ledger">The path of the audited ledger.</param>
    /// <param name="tool">The version of this tool.</param>
    public static string Of(
        AuditSummary summary,
        Func<string, string> title,
        string ledger,
        LedgerHead head,
        string tool
    )
    {
        AuditEntry[] open = [.. summary.NotPassed];
        var html = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("title", "Audit"),
                new XElement("style", Style)
            ),
            new XElement(
                "body",
                new XElement("h1", "Audit"),
                new XElement(
                    "p",
                    new XAttribute("class", $"verdict {Outcome(summary)}"),
                    summary.Failed > 0 ? $"{Plural.Of(summary.Failed, "check")} failed" : "No check failed"
                ),
                new XElement("p", AuditText.Line(summary)),
                Facts(
                    ("ledger", ledger),
                    ("id", head.Id ?? "none"),
                    ("head", $"{Digits.Of(head.Records)}:{head.Head}"),
                    ("tool", tool)
                ),
                open.Length == 0 ? null : Section("Not passed", open, withRun: true),
                summary
                    .Checks.GroupBy(check => check.Run, StringComparer.Ordinal)
                    .Select(run => Section(run.Key is null ? "The ledger" : title(run.Key), run, withRun: false))
            )
        );
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    private static string Outcome(AuditSummary summary) =>
        summary.Failed > 0 ? "fail"
        : summary.Passed > 0 ? "pass"
        : "inconclusive";

    private static XElement Facts(params IEnumerable<(string Name, string Value)> facts) =>
        new(
            "table",
            facts.Select(fact => new XElement(
                "tr",
                new XElement("th", fact.Name),
                new XElement("td", new XElement("code", Text(fact.Value)))
            ))
        );

    private static object[] Section(string title, IEnumerable<AuditEntry> checks, bool withRun) =>
        [
            new XElement("h2", Text(title)),
            new XElement(
                "table",
                checks.Select(check => new XElement(
                    "tr",
                    new XElement(
                        "td",
                        new XAttribute("class", AuditText.Word(check.Outcome).ToLowerInvariant()),
                        AuditText.Word(check.Outcome)
                    ),
                    withRun ? new XElement("td", Text(check.Run ?? "the ledger")) : null,
                    new XElement("td", AuditText.Word(check.Level)),
                    new XElement("td", Text(check.Name)),
                    new XElement("td", Text(check.Reason))
                ))
            ),
        ];

    // An empty element would not be closed in HTML.
    private static string Text(string text) => text.Length == 0 ? "-" : OneLine.Escaped(text);
}
