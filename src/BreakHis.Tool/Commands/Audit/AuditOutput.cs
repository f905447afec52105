using System.Diagnostics;
using System.Text.Json;
using BreakHis.Audit.Output;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Tool.Terminal;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Writes an audit in the requested format.</summary>
internal static class AuditOutput
{
    /// <summary>The format for readers.</summary>
    public const string ForReaders = "text";

    private const string Html = "html";
    private const string Json = "json";
    private const string Sarif = "sarif";
    private const string JUnit = "junit";

    /// <summary>All formats.</summary>
    public static readonly string[] Formats = [ForReaders, Html, Json, Sarif, JUnit];

    /// <summary>Returns the format that the user named, or else the one of a file's name.</summary>
    public static string FormatOf(string? named, string? file) =>
        named
        ?? (Path.GetExtension(file ?? "").Equals(".html", StringComparison.OrdinalIgnoreCase) ? Html : ForReaders);

    /// <summary>Writes the audit to a file, or to standard output.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="file">The file, or null.</param>
    /// <param name="ledger">The audited ledger, the location of every result in SARIF.</param>
    /// <param name="runs">The runs whose titles may be needed.</param>
    public static void Write(
        string format,
        string? file,
        AuditSummary summary,
        LedgerDatabase ledger,
        IReadOnlyList<RunSummary> runs
    )
    {
        var lines = runs.ToDictionary(run => run.Id, StringComparer.Ordinal);
        string text = format switch
        {
            Json => JsonSerializer.Serialize(summary, ToolJson.Default.AuditSummary) + "\n",
            Html => AuditHtml.Of(summary, Title, ledger.Path, ledger.Head(), ToolVersion.Text),
            Sarif => AuditSarif.Of(summary, ledger.Path, ToolVersion.Text),
            JUnit => AuditJUnit.Of(summary, Title),
            ForReaders => AuditText.Of(summary, Title),
            _ => throw new UnreachableException($"unknown: {format}"),
        };
        if (file is null)
        {
            StandardStreams.Out.Write(text);
            return;
        }

        AtomicFile.Write(file, text);
        StandardStreams.Error.WriteLine(AuditText.Line(summary));
        StandardStreams.Error.WriteLine($"written to {file}");

        string Title(string id) =>
            lines.TryGetValue(id, out RunSummary? run)
                ? Invariant($"run {id}  {RunTitle.Of(run)}  seed {run.Seed}  {StateWord.Of(run)}  {RunOrigin.Of(run)}")
                : $"run {id}";
    }
}
