using System.Text.Json;

namespace BreakHis.Json;

/// <summary>JSON as leaves, each with its dotted path.</summary>
internal static class JsonFlattening
{
    /// <summary>The leaves in the order of the text. What is not an object is one leaf; an empty object has none.</summary>
    public static IEnumerable<(string Path, JsonElement Value)> Flatten(this JsonElement value) => Flatten("", value);

    /// <summary>The leaves of a text, as texts.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static IReadOnlyList<(string Path, string Value)> Flatten(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.Flatten().Select(leaf => (leaf.Path, leaf.Value.LeafText()))];
    }

    /// <summary>A leaf as text: a string without its quotes, all else as JSON writes it.</summary>
    public static string LeafText(this JsonElement leaf) =>
        leaf.ValueKind == JsonValueKind.String ? leaf.GetString()! : leaf.GetRawText();

    private static IEnumerable<(string Path, JsonElement Value)> Flatten(string path, JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
            ? value
                .EnumerateObject()
                .SelectMany(member => Flatten(path == "" ? member.Name : $"{path}.{member.Name}", member.Value))
            : [(path, value)];
}
