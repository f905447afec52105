using System.Text;
using System.Text.Json;
using BreakHis.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>
/// A canonical JSON text, prepared for reading and comparison. A text that is not JSON has no leaves and is shown
/// unchanged.
/// </summary>
internal sealed class SpecDocument
{
    private readonly JsonElement? _root;
    private readonly string _text;

    public SpecDocument(string json)
    {
        _text = json;
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
            _root = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            _root = null;
        }
    }

    /// <summary>Returns the complete spec of a run.</summary>
    public static SpecDocument OfSpec(RecordedRun run) => new(CanonicalForm.Complete(run.Spec));

    /// <summary>A line of the document in YAML style.</summary>
    /// <param name="Indent">The spaces before the key.</param>
    /// <param name="Key">The key with its colon, or an item's dash.</param>
    /// <param name="Value">The value, or an empty string.</param>
    /// <param name="Path">The dotted path of the leaf on the line, or an empty string.</param>
    public sealed record Line(string Indent, string Key, string Value, string Path);

    /// <summary>Returns the document as indented lines.</summary>
    public IReadOnlyList<Line> Lines()
    {
        List<Line> lines = [];
        if (_root is { ValueKind: JsonValueKind.Object } spec)
        {
            Write(spec, "", "", lines);
        }
        else
        {
            lines.Add(new Line("", "", _text, ""));
        }

        return lines;
    }

    /// <summary>
    /// Returns the values of the lines, as they are shown, by dotted path. In contrast to <see cref="JsonFlattening"/>, each
    /// item of a list of objects has a path of its own, and texts are quoted as in YAML.
    /// </summary>
    public SortedDictionary<string, string> ValuesByPath()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Line line in Lines().Where(line => line.Path != ""))
        {
            values[line.Path] = line.Value;
        }

        return values;
    }

    private static void Write(JsonElement node, string indent, string path, List<Line> lines)
    {
        foreach (JsonProperty member in node.EnumerateObject())
        {
            string at = path == "" ? member.Name : $"{path}.{member.Name}";
            Write(member.Value, indent, Quoted(member.Name) + ":", at, lines);
        }
    }

    private static void Write(JsonElement value, string indent, string key, string path, List<Line> lines)
    {
        if (IsLeaf(value))
        {
            lines.Add(new Line(indent, key, Scalar(value), path));
            return;
        }

        lines.Add(new Line(indent, key, "", ""));
        if (value.ValueKind == JsonValueKind.Object)
        {
            Write(value, indent + "  ", path, lines);
            return;
        }

        foreach ((int place, JsonElement item) in value.EnumerateArray().Index())
        {
            Write(item, indent + "  ", "-", $"{path}[{Digits.Of(place)}]", lines);
        }
    }

    private static bool IsLeaf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            JsonValueKind.Array => value
                .EnumerateArray()
                .All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)),
            _ => true,
        };

    private static string Scalar(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Quoted(value.GetString()!),
            JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Item))}]",
            JsonValueKind.Object => "{}",
            _ => value.GetRawText(),
        };

    private static string Item(JsonElement value) =>
        Scalar(value) is var text && text[0] != '"' && text.AsSpan().ContainsAny(",[]{}")
            ? $"\"{text}\""
            : Scalar(value);

    /// <summary>Quotes a text that would have a different meaning without quotes.</summary>
    private static string Quoted(string value)
    {
        bool plain =
            value.Length > 0
            && !char.IsWhiteSpace(value[0])
            && !char.IsWhiteSpace(value[^1])
            && !char.IsAsciiDigit(value[0])
            && !"-?:,[]{}#&*!|>'\"%@`".Contains(value[0], StringComparison.Ordinal)
            && !value.Contains(": ", StringComparison.Ordinal)
            && !value.Contains(" #", StringComparison.Ordinal)
            && !value.Any(char.IsControl)
            && value is not ("true" or "false" or "null" or "yes" or "no");
        return plain
            ? value
            : "\""
                + value
                    .Replace("\\", "\\\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", "\\n", StringComparison.Ordinal)
                + "\"";
    }
}
