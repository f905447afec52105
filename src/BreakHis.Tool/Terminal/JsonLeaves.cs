using System.Text.Json;

namespace BreakHis.Tool.Terminal;

/// <summary>A JSON object as lines: a dotted path and a value.</summary>
internal static class JsonLeaves
{
    /// <summary>The leaves in the order of the text; an array is one leaf.</summary>
    public static IReadOnlyList<(string Name, string Value)> Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Of("", document.RootElement)];
    }

    private static IEnumerable<(string Name, string Value)> Of(string path, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(p => Of(path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value))
            : [(path, element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText())];
}
