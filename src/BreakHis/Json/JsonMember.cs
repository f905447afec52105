using System.Text.Json;

namespace BreakHis.Json;

/// <summary>Reads members of recorded JSON, which may be from any version of the tool.</summary>
internal static class JsonMember
{
    /// <summary>Returns a member; null if there is none, or if the value is not an object.</summary>
    public static JsonElement? At(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } && json.Value.TryGetProperty(name, out JsonElement value)
            ? value
            : null;
}
