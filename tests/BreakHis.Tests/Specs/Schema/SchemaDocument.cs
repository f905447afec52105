using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Schema;
using Json.Schema;

namespace BreakHis.Tests.Specs.Schema;

/// <summary>The schema as an editor applies it: to YAML parsed by the core schema.</summary>
internal static class SchemaDocument
{
    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromText(JsonSchemaWriter.Write()));

    public static bool Accepts(string yaml)
    {
        List<Problem> problems = [];
        SpecNode? tree = YamlTree.Read(new SpecSource("x.yaml", "/"), yaml, problems);
        return tree is not null && Schema.Value.Evaluate(JsonSerializer.SerializeToElement(Json(tree))).IsValid;
    }

    private static JsonNode? Json(SpecNode node) =>
        node switch
        {
            MappingNode mapping => new JsonObject(
                mapping.Entries.Select(e => KeyValuePair.Create(e.Key, Json(e.Value)))
            ),
            SequenceNode sequence => new JsonArray([.. sequence.Items.Select(Json)]),
            ScalarNode scalar => Scalar(scalar),
            _ => throw new ArgumentOutOfRangeException(nameof(node)),
        };

    private static JsonNode? Scalar(ScalarNode scalar)
    {
        string text = scalar.Text;
        return CoreSchema.KindOf(scalar) switch
        {
            ScalarKind.Null => null,
            ScalarKind.Truth => text[0] is 't' or 'T',
            ScalarKind.Number when long.TryParse(text, CultureInfo.InvariantCulture, out long whole) => whole,
            ScalarKind.Number
                when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal d) => d,
            _ => text,
        };
    }
}
