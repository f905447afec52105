namespace BreakHis.Reports;

/// <summary>
/// The facts in a report that do not come from the runs. They are passed in, so that a report reads nothing else.
/// </summary>
/// <param name="Title">The title, or null to derive one from the experiments' names.</param>
/// <param name="Command">The command that recreates the report, or null for <c>dotnet breakhis report</c> with the
/// IDs.</param>
/// <param name="Notices">Warnings to show at the top, such as an audit's findings.</param>
/// <param name="Tool">The version of the tool that writes the report.</param>
internal sealed record ReportFacts(
    string? Title = null,
    string? Command = null,
    IReadOnlyList<string>? Notices = null,
    string Tool = ""
);
