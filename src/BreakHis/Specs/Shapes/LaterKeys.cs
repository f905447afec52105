using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BreakHis.Specs.Shapes;

/// <summary>
/// Completes canonical forms for readers: adds the keys that they omit because of <see cref="CameLaterAttribute"/>.
/// </summary>
internal static class LaterKeys
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>
    /// Returns the canonical form with every omitted key and the value that applied before. A text that is not a JSON
    /// object is returned unchanged.
    /// </summary>
    /// <param name="path">The keys that lead to the mapping with this shape.</param>
    public static string FilledIn(string canonical, RecordShape shape, params ReadOnlySpan<string> path)
    {
        try
        {
            var root = JsonNode.Parse(Encoding.UTF8.GetBytes(canonical), documentOptions: Strict);
            JsonNode? mapping = root;
            foreach (string key in path)
            {
                mapping = (mapping as JsonObject)?[key];
            }

            FillIn(mapping, shape);
            return root?.ToJsonString() ?? canonical;
        }
        catch (JsonException)
        {
            return canonical;
        }
    }

    private static void FillIn(JsonNode? node, Shape shape)
    {
        switch (shape, node)
        {
            case (RecordShape record, JsonObject mapping):
                FillIn(mapping, record);
                break;
            case (ChoiceShape choice, JsonObject mapping):
                foreach (Alternative alternative in choice.Alternatives)
                {
                    FillIn(mapping[alternative.Key], alternative.Shape);
                }

                break;
            case (ListShape list, JsonArray items):
                foreach (JsonNode? item in items)
                {
                    FillIn(item, list.Item);
                }

                break;
        }
    }

    private static void FillIn(JsonObject mapping, RecordShape shape)
    {
        foreach (ShapeMember member in MembersOf(shape))
        {
            if (member.Before is not null && !mapping.ContainsKey(member.Key))
            {
                int place = mapping.TakeWhile(entry => string.CompareOrdinal(entry.Key, member.Key) < 0).Count();
                mapping.Insert(place, member.Key, JsonNode.Parse(ShapeJson.Of(member.Before, member.Shape).ToString()));
            }

            FillIn(mapping[member.Key], member.Shape);
        }
    }

    private static IEnumerable<ShapeMember> MembersOf(Shape shape) =>
        shape is not RecordShape record
            ? []
            : record.Members.SelectMany(member => member.IsInlined ? MembersOf(member.Shape) : [member]);
}
