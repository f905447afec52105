using System.Text.Json;
using BreakHis.Json;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>
/// The one spelling of a spec: canonical JSON with the keys of the YAML file, every default filled in but those of keys
/// that came later, and what is not given left out. Specs that say the same have the same canonical form, however their
/// files are written.
/// </summary>
public static class CanonicalForm
{
    /// <summary>The canonical form.</summary>
    public static string Of(ExperimentSpec spec) => JsonOf(spec).ToString();

    /// <summary>SHA-256 of the canonical form in UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public static string HashOf(ExperimentSpec spec) => JsonOf(spec).Hash();

    /// <summary>The canonical form as a value, to be part of a larger one.</summary>
    public static CanonicalJson JsonOf(ExperimentSpec spec) => ShapeJson.Of(spec, ShapeReflection.Spec);

    /// <summary>The spec that a canonical form was made of.</summary>
    /// <exception cref="FormatException">The text is not a spec's canonical form, or one of another version.</exception>
    public static ExperimentSpec FromCanonical(string json)
    {
        var place = new Place(new SpecSource("canonical form", Environment.CurrentDirectory), 1, 1);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (Node(document.RootElement, place) is not MappingNode tree)
            {
                throw new FormatException("A spec's canonical form is a JSON object.");
            }

            BoundSpec bound = SpecBinder.Bind(tree);
            return bound.Problems.Count == 0 ? bound.Spec : throw new FormatException(bound.Problems[0].ToString());
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
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
