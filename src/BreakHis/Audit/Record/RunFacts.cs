using System.Text.Json;
using BreakHis.Files;
using BreakHis.Ledger;
using BreakHis.Plans;
using Microsoft.Data.Sqlite;

namespace BreakHis.Audit.Record;

/// <summary>What a run's row says, and what its plan says of the training.</summary>
/// <param name="Name">The spec's name.</param>
/// <param name="SpecHash">The hash of the spec.</param>
internal sealed record RunFacts(
    string Name,
    string Fingerprint,
    long Seed,
    string SpecHash,
    string Spec,
    JsonElement Plan,
    string StartedAt
)
{
    /// <summary>The hash of the images that the plan says, or null.</summary>
    public string? ContentHash => Text(Plan, "determining", "data");

    /// <summary>The hash of the split that the plan says, or null.</summary>
    public string? SplitHash => Text(Plan, "determining", "split");

    /// <summary>The names of the stages that the plan says.</summary>
    public IEnumerable<string> Stages =>
        ((string[])[StageNames.Bottleneck, StageNames.FineTune]).Where(stage =>
            At(Plan, "determining", stage) is not null
        );

    /// <summary>The run's row, or null.</summary>
    public static RunFacts? Of(SqliteConnection connection, string run) =>
        connection
            .Query(
                "SELECT name, fingerprint, seed, spec_hash, spec, plan, started_at FROM runs WHERE id = $1",
                row => new RunFacts(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    row.GetString(3),
                    row.GetString(4),
                    Parsed(row.GetString(5)),
                    row.GetString(6)
                ),
                run
            )
            .FirstOrDefault();

    /// <summary>The training loop that the plan says of a stage, or null.</summary>
    public JsonElement? Loop(string stage) =>
        At(Plan, "determining", stage) is { } plan ? At(plan, "loop") ?? plan : null;

    /// <summary>Where the row, the spec and the plan do not agree.</summary>
    public IEnumerable<string> Contradictions()
    {
        if (Sha256Hex.OfText(Spec) != SpecHash)
        {
            yield return "runs: spec_hash is not the hash of spec";
        }

        string determining = At(Plan, "determining")?.GetRawText() ?? "";
        if (Sha256Hex.OfText(determining) != Fingerprint)
        {
            yield return "runs: fingerprint is not the hash of what determines the result in plan";
        }

        (string Column, string? InPlan, string InRow)[] twice =
        [
            ("spec_hash", Text(Plan, "spec_hash"), SpecHash),
            ("fingerprint", Text(Plan, "fingerprint"), Fingerprint),
            (
                "seed",
                Text(Plan, "determining", "seed"),
                Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ),
            ("name", Text(Parsed(Spec), "name"), Name),
        ];
        foreach ((string column, string? inPlan, string inRow) in twice.Where(value => value.InPlan != value.InRow))
        {
            yield return $"runs: {column} is {inRow}, and {inPlan ?? "nothing"} in {(column == "name" ? "spec" : "plan")}";
        }
    }

    /// <summary>A member of members as text, or null.</summary>
    public static string? Text(JsonElement json, params ReadOnlySpan<string> path) => At(json, path)?.ToString();

    private static JsonElement? At(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json;
    }

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
