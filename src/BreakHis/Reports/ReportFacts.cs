namespace BreakHis.Reports;

/// <summary>What a report says that the runs themselves do not: all of it handed in, so that a report looks at nothing.</summary>
/// <param name="Title">The title, or null to make one from the experiments' names.</param>
/// <param name="Command">The command that makes the report again, or null for <c>dotnet breakhis report</c> and the ids.</param>
/// <param name="Notices">Warnings to show at the top, such as what an audit found.</param>
internal sealed record ReportFacts(string? Title = null, string? Command = null, IReadOnlyList<string>? Notices = null);
