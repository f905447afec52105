using BreakHis.Ledger.Heads;
using BreakHis.Ledger.Reading;
using BreakHis.Reports.Sections;
using BreakHis.Reports.Templates;

namespace BreakHis.Reports;

/// <summary>The report of one or several runs: a self-contained HTML file.</summary>
internal static class Report
{
    private const int HeadCharacters = 4_096;
    private const string Tool = "BreakHis harness";
    private const string Generator = "<meta name=\"generator\" content=\"" + Tool;
    private const string Pin = "<meta name=\"breakhis-chain\"";

    /// <summary>Returns whether a file is a report, of any version of this tool, or empty.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool IsReport(string path)
    {
        using var reader = new StreamReader(path);
        char[] head = new char[HeadCharacters];
        string text = new(head, 0, reader.ReadBlock(head));
        return text == ""
            || (
                text.StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase)
                && (text.Contains(Generator, StringComparison.Ordinal) || text.Contains(Pin, StringComparison.Ordinal))
            );
    }

    /// <summary>
    /// Returns a report. The same runs and tool give the same bytes, independent of culture, clock and machine.
    /// </summary>
    /// <param name="runs">The runs, at least one; the first one is the baseline.</param>
    /// <param name="tool">The version of the tool that writes the page.</param>
    /// <returns>HTML with LF line ends, readable without scripts and without a network.</returns>
    /// <exception cref="ArgumentException">There are no runs.</exception>
    public static string Html(IReadOnlyList<RecordedRun> runs, string tool = "")
    {
        if (runs.Count == 0)
        {
            throw new ArgumentException("A report needs at least one run.", nameof(runs));
        }

        return ReportTemplate.Draw("page", Page(RunResult.Of(runs), tool)).Html;
    }

    private static TemplateModel Page(IReadOnlyList<RunResult> runs, string tool)
    {
        List<Section> sections = Sections(runs);
        return new()
        {
            ["style"] = new Markup(ReportTemplate.Text("palette.css") + ReportTemplate.Text("report.css")),
            ["overview"] = Overview.Of(runs),
            ["sections"] = sections.Select(section => section.Draw()).ToList(),
            ["tool"] = $"{Tool} {tool}".TrimEnd(),
            ["pins"] = KnownHead.PinnedBy(runs.Select(run => run.Run)).Select(head => head.Statement).ToList(),
            ["ledger"] = Ledger(runs),
            ["command"] = $"dotnet breakhis report {string.Join(' ', runs.Select(run => run.Run.Summary.Id))}",
        };
    }

    /// <summary>
    /// Returns the ledger at the last record of the runs; it depends only on the runs, not on later records.
    /// </summary>
    private static TemplateModel? Ledger(IReadOnlyList<RunResult> runs) =>
        runs.Select(run => run.Run.Chain?.Ledger).MaxBy(ledger => ledger?.Records) is { } ledger
            ? new() { ["records"] = NumberFormat.Count(ledger.Records), ["head"] = ledger.Head }
            : null;

    private static List<Section> Sections(IReadOnlyList<RunResult> runs)
    {
        List<Section> sections =
        [
            new("summary", "Summary", "summary", Summary.Of(runs)),
            new("curves", "Learning curves", "curves", Curves.Of(runs)),
            new("results", "Results in detail", "results", StageResults.Of(runs)),
        ];
        if (runs.Count > 1)
        {
            sections.Insert(1, new("differences", "What differs", "differences", Differences.Of(runs)));
        }

        if (Verdicts.Of(runs) is { } verdicts)
        {
            sections.Insert(sections.Count - 1, new("verdicts", "Verdicts", "verdicts", verdicts));
        }

        sections.Add(new("specification", "Specification", "specification", Specification.Of(runs)));
        sections.Add(new("provenance", "Provenance", "provenance", ProvenanceSection.Of(runs)));
        return sections;
    }

    private sealed record Section(string Id, string Title, string Template, TemplateModel Content)
    {
        public TemplateModel Draw() =>
            new()
            {
                ["id"] = Id,
                ["title"] = Title,
                ["content"] = ReportTemplate.Draw(Template, Content),
            };
    }
}
