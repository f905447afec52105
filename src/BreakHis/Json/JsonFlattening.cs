using System.Text.Json;

namespace BreakHis.Json;

/// <summary>Flattens JSON to leaves with dotted paths.</summary>
internal static class JsonFlattening
{
    /// <summary>
    /// Returns the leaves in document order. A value that is not an object is one leaf; an empty object has no leaves.
    /// </summary>
    public static IEnumerable<(string Path, JsonElement Value)> Flatten(this JsonElement value) => Flatten("", value);

    /// <summary>Returns the leaves of a JSON text, with their values as text.</summary>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public static IReadOnlyList<(string Path, string Value)> Flatten(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.Flatten().Select(leaf => (leaf.Path, leaf.Value.LeafText()))];
    }

    /// <summary>Returns a leaf as text: a string without quotes, any other value as JSON.</summary>
    public static string LeafText(this JsonElement leaf) =>
        leaf.ValueKind == JsonValueKind.String ? leaf.GetString()! : leaf.GetRawText();

    private static IEnumerable<(string Path, JsonElement Value)> Flatten(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value
                .EnumerateObject()
                .SelectMany(member => Flatten(path == "" ? member.Name : $"{path}.{member.Name}", member.Value))
            : [(path, value)];
}
