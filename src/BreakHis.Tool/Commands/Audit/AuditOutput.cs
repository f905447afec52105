using System.Text.Json;
using BreakHis.Audit.Output;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Tool.Terminal;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Writes an audit in the requested format.</summary>
internal static class AuditOutput
{
    /// <summary>The format for readers.</summary>
    public const string ForReaders = "text";

    private const string Json = "json";
    private const string Sarif = "sarif";
    private const string JUnit = "junit";

    /// <summary>All formats.</summary>
    public static readonly string[] Formats = [ForReaders, Json, Sarif, JUnit];

    /// <summary>Writes the audit to a file, or to standard output.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="file">The file, or null.</param>
    /// <param name="ledger">The absolute path of the ledger, the location of every result in SARIF.</param>
    /// <param name="runs">The runs whose titles may be needed.</param>
    public static void Write(
        string format,
        string? file,
        AuditSummary summary,
        string ledger,
        IReadOnlyList<RunSummary> runs
    )
    {
        var lines = runs.ToDictionary(run => run.Id, StringComparer.Ordinal);
        string text = format switch
        {
            Json => JsonSerializer.Serialize(summary, ToolJson.Default.AuditSummary) + "\n",
            Sarif => AuditSarif.Of(summary, ledger, ToolVersion.Text),
            JUnit => AuditJUnit.Of(summary, Title),
            ForReaders => AuditText.Of(summary, Title),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
        if (file is null)
        {
            StandardStreams.Out.Write(text);
            return;
        }

        AtomicFile.Write(file, text);
        StandardStreams.Error.WriteLine(AuditText.Line(summary));

        string Title(string id) =>
            lines.TryGetValue(id, out RunSummary? run)
                ? Invariant($"run {id}  {RunTitle.Of(run)}  seed {run.Seed}  {StateWord.Of(run)}  {RunOrigin.Of(run)}")
                : $"run {id}";
    }
}
