using System.Text.Json;
using BreakHis.Json;
using BreakHis.Specs;

namespace BreakHis.Ledger.Reading;

/// <summary>
/// What reports use of a recorded spec, which may be from any version of the tool. Values that are missing or unknown
/// are null.
/// </summary>
/// <param name="About">The spec's description.</param>
internal sealed record RecordedSpec(string? About, DataSource? Source, SplitUnit? SplitBy)
{
    /// <summary>Reads a spec in its canonical form. A text that is not JSON has no values.</summary>
    public static RecordedSpec Of(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            JsonElement? data = At(document.RootElement, "data");
            return new RecordedSpec(
                Text(At(document.RootElement, "about")),
                Named<DataSource>(At(data, "source")),
                Named<SplitUnit>(At(At(data, "split"), "by"))
            );
        }
        catch (JsonException)
        {
            return new RecordedSpec(null, null, null);
        }
    }

    private static JsonElement? At(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } && json.Value.TryGetProperty(name, out JsonElement value)
            ? value
            : null;

    private static string? Text(JsonElement? json) =>
        json is { ValueKind: JsonValueKind.String } ? json.Value.GetString() : null;

    private static T? Named<T>(JsonElement? json)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => SnakeCase.Of(value!.Value) == Text(json));
}
