using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace BreakHis.Audit.Output;

/// <summary>
/// Writes an audit as SARIF 2.1.0 (OASIS) for code-scanning services: one rule per kind of check, one result per check.
/// Failed checks are errors, inconclusive ones are open.
/// </summary>
internal static class AuditSarif
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>Returns the document.</summary>
    /// <param name="ledger">The absolute path of the ledger, the location of every result.</param>
    public static string Of(AuditSummary summary, string ledger, string toolVersion)
    {
        string[] rules =
        [
            .. summary.Checks.Select(RuleOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, rules, toolVersion);
            json.WriteStartArray("results");
            foreach (AuditEntry check in summary.Checks)
            {
                WriteResult(json, check, Array.IndexOf(rules, RuleOf(check)), new Uri(ledger).AbsoluteUri);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static string RuleOf(AuditEntry check) => $"{AuditText.Word(check.Level)}/{check.Name.Replace(' ', '-')}";

    private static void WriteTool(Utf8JsonWriter json, string[] rules, string version)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "dotnet-breakhis audit");
        json.WriteString("version", version);
        json.WriteStartArray("rules");
        foreach (string rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule);
            WriteText(json, "shortDescription", rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, AuditEntry check, int rule, string ledger)
    {
        // "open" means evaluated, but with insufficient information to decide. Only a "fail" may have a level (3.27.9,
        // 3.27.10).
        (string kind, string level) = check.Outcome switch
        {
            AuditOutcome.Pass => ("pass", "none"),
            AuditOutcome.Fail => ("fail", "error"),
            AuditOutcome.Inconclusive => ("open", "none"),
            _ => throw new UnreachableException($"unknown: {check.Outcome}"),
        };
        json.WriteStartObject();
        json.WriteString("ruleId", RuleOf(check));
        json.WriteNumber("ruleIndex", rule);
        json.WriteString("kind", kind);
        json.WriteString("level", level);
        string subject = check.Run is null ? "the ledger" : $"run {check.Run}";
        WriteText(json, "message", $"{subject}, {check.Name}: {AuditText.Word(check.Outcome)}: {check.Reason}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", ledger);
        json.WriteEndObject();
        json.WriteEndObject();
        if (check.Run is not null)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("name", check.Run);
            json.WriteString("kind", "run");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("partialFingerprints");
        json.WriteString("breakhis/v1", $"{RuleOf(check)} {check.Run}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
