using System.Text.Json;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Reading;

/// <summary>Reads what <see cref="ShapeJson"/> wrote, using the same shapes.</summary>
internal static class ShapeReader
{
    /// <summary>Returns the record that a JSON object represents.</summary>
    /// <exception cref="FormatException">The value is not an object of that shape, or is from a different
    /// version.</exception>
    public static object Read(JsonElement json, RecordShape shape)
    {
        var place = new Place(new SpecSource("canonical form", ""), 1, 1);
        if (Node(json, place) is not MappingNode tree)
        {
            throw new FormatException("A canonical form is a JSON object.");
        }

        (object record, IReadOnlyList<Problem> problems) = SpecBinder.Bind(tree, shape);
        return problems.Count == 0 ? record : throw new FormatException(problems[0].ToString());
    }

    private static SpecNode Node(JsonElement element, Place place) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => new MappingNode(
                place,
                [.. element.EnumerateObject().Select(p => new MappingEntry(p.Name, place, Node(p.Value, place)))]
            ),
            JsonValueKind.Array => new SequenceNode(place, [.. element.EnumerateArray().Select(i => Node(i, place))]),
            JsonValueKind.String => new ScalarNode(place, element.GetString()!, IsPlain: false),
            _ => new ScalarNode(place, element.GetRawText(), IsPlain: true),
        };
}
