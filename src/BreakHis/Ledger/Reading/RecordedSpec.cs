using System.Text.Json;
using BreakHis.Json;
using BreakHis.Specs;

namespace BreakHis.Ledger.Reading;

/// <summary>
/// What audits and reports use of a recorded spec, which may be from any version of the tool. Values that are missing
/// or unknown are null.
/// </summary>
internal sealed record RecordedSpec(string? Name, string? About, double? Margin, DataSource? Source, SplitUnit? SplitBy)
{
    /// <summary>Reads a spec in its canonical form. A text that is not JSON has no values.</summary>
    public static RecordedSpec Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement? spec = document.RootElement;
            JsonElement? data = spec.At("data");
            return new RecordedSpec(
                Text(spec.At("name")),
                Text(spec.At("about")),
                Number(spec.At("margin")),
                SnakeCase.Parse<DataSource>(Text(data.At("source"))),
                SnakeCase.Parse<SplitUnit>(Text(data.At("split").At("by")))
            );
        }
        catch (JsonException)
        {
            return new RecordedSpec(null, null, null, null, null);
        }
    }

    private static double? Number(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.Number } && json.Value.TryGetDouble(out double number) ? number : null;

    private static string? Text(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.String } ? json.Value.GetString() : null;
}
