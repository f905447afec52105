using BreakHis.Ledger.Reading;
using BreakHis.Reports;

namespace BreakHis.Tool.Commands;

/// <summary>Reports that this version of the tool writes, and says that it wrote.</summary>
internal static class ReportPage
{
    /// <summary>Returns the report of runs, as HTML.</summary>
    public static string Of(IReadOnlyList<RecordedRun> runs) => Report.Html(runs, ToolVersion.Text);
}
