using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;

namespace BreakHis.Specs.Schema;

/// <summary>Writes the JSON Schema (draft-07) of spec files, which editors use for completion and validation.</summary>
/// <remarks>The schema does not contain the rules between settings; <see cref="SpecReader"/> checks them.</remarks>
internal static class JsonSchemaWriter
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// Returns the schema, indented, with a final line feed. Descriptions come from the assembly's XML file.
    /// </summary>
    public static string Write()
    {
        JsonObject properties = Members(ShapeReflection.Spec);
        properties.Add("extends", Extends());
        properties.Add("matrix", Matrix());
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = "Experiment",
            ["description"] = Documentation.Of(typeof(ExperimentSpec)),
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
            ["patternProperties"] = new JsonObject { ["^x-"] = new JsonObject() },
            // A parent or a matrix may provide what the file omits.
            ["if"] = new JsonObject
            {
                ["not"] = new JsonObject { ["anyOf"] = new JsonArray(Has("extends"), Has("matrix")) },
            },
            ["then"] = Complete(ShapeReflection.Spec),
        };
        return schema.ToJsonString(Layout) + "\n";
    }

    private static JsonObject Has(string key) => new() { ["required"] = new JsonArray(key) };

    /// <summary>Returns a schema that only lists the required keys.</summary>
    private static JsonObject? Complete(Shape shape)
    {
        if (shape is not RecordShape record)
        {
            return null;
        }

        JsonNode[] required = record.Members.Where(m => m.IsRequired).Select(m => (JsonNode)m.Key).ToArray();
        var inner = record
            .Members.Select(m => (m.Key, Schema: Complete(m.Shape)))
            .Where(m => m.Schema is not null)
            .ToList();
        var complete = new JsonObject();
        if (required.Length > 0)
        {
            complete["required"] = new JsonArray(required);
        }

        if (inner.Count > 0)
        {
            complete["properties"] = ObjectOf(inner.Select(m => (m.Key, (JsonNode)m.Schema!)));
        }

        return complete.Count > 0 ? complete : null;
    }

    private static JsonObject Extends() =>
        Described(
            "A parent spec file, relative to this one. Its settings apply unless this file sets them.",
            new JsonObject { ["type"] = new JsonArray("string", "null"), ["minLength"] = 1 }
        );

    private static JsonObject Matrix() =>
        Described(
            "Dotted paths of settings, each with a list of values. Every combination is a run.",
            new JsonObject
            {
                ["type"] = new JsonArray("object", "null"),
                ["additionalProperties"] = false,
                ["properties"] = ObjectOf(
                    SpecPaths.InMatrix.Select(path =>
                        (
                            path.Dotted,
                            (JsonNode)
                                new JsonObject
                                {
                                    ["type"] = new JsonArray("array", "null"),
                                    ["minItems"] = 1,
                                    ["uniqueItems"] = true,
                                    ["items"] = new JsonObject { ["$ref"] = path.SchemaPointer },
                                }
                        )
                    )
                ),
            }
        );

    private static JsonObject Members(RecordShape record)
    {
        object defaults = ShapeReflection.New(record);
        return ObjectOf(record.Members.Select(m => (m.Key, (JsonNode)Member(m, defaults))));
    }

    private static JsonObject Member(ShapeMember member, object defaults)
    {
        JsonObject schema = Described(DescriptionOf(member), Schema(member.Shape));
        if (!member.IsRequired && member.Property.GetValue(defaults) is { } value)
        {
            schema["default"] = JsonNode.Parse(ShapeJson.Of(value, member.Shape).ToString());
        }

        return member.IsRequired ? schema : OrNull(schema);
    }

    /// <summary>Returns the member's description, followed by the meaning of each of its names.</summary>
    private static string? DescriptionOf(ShapeMember member)
    {
        IEnumerable<string> names = member.Shape is NameShape shape
            ? from name in shape.Names
            where name.Value is Enum
            let meaning = Documentation.Of(name.Value.GetType().GetField(name.Value.ToString()!)!)
            where meaning is not null
            select $"{name.Name}: {meaning}"
            : [];
        return Documentation.Of(member.Property) is { } description
            ? string.Join('\n', names.Prepend(description))
            : null;
    }

    private static JsonObject Described(string? description, JsonObject schema)
    {
        if (description is not null)
        {
            schema.Insert(0, "description", description);
        }

        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is { } type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        }

        (schema["enum"] as JsonArray)?.Add(null);
        (schema["oneOf"] as JsonArray)?.Add(new JsonObject { ["type"] = "null" });
        return schema;
    }

    private static JsonObject Schema(Shape shape) =>
        shape switch
        {
            TruthShape => new JsonObject { ["type"] = "boolean" },
            WholeShape { Among: { } among } => new JsonObject { ["enum"] = ArrayOf(among.Select(v => (JsonNode)v)) },
            WholeShape whole => new JsonObject
            {
                ["type"] = "integer",
                ["minimum"] = whole.AtLeast,
                ["maximum"] = whole.AtMost,
            },
            NumberShape number => Number(number.Limits),
            TextShape text => Text(text),
            NameShape names => new JsonObject { ["enum"] = ArrayOf(names.Names.Select(n => (JsonNode)n.Name)) },
            ListShape list => new JsonObject
            {
                ["type"] = "array",
                ["minItems"] = list.Limits.AtLeast,
                ["maxItems"] = list.Limits.AtMost,
                ["uniqueItems"] = list.Limits.Distinct,
                ["items"] = Schema(list.Item),
            },
            ChoiceShape choice => new JsonObject { ["oneOf"] = ArrayOf(Alternatives(choice)) },
            RecordShape record => Closed(Members(record)),
            _ => throw new UnreachableException($"unknown: {shape}"),
        };

    private static JsonObject Closed(JsonObject properties) =>
        new()
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };

    private static JsonObject Number(NumbersAttribute limits)
    {
        var schema = new JsonObject { ["type"] = "number" };
        Bound("minimum", limits.AtLeast);
        Bound("maximum", limits.AtMost);
        Bound("exclusiveMinimum", limits.Above);
        Bound("exclusiveMaximum", limits.Below);
        return schema;

        void Bound(string keyword, double bound)
        {
            if (double.IsFinite(bound))
            {
                schema[keyword] = bound;
            }
        }
    }

    private static JsonObject Text(TextShape text)
    {
        var schema = new JsonObject { ["type"] = "string", ["maxLength"] = text.Longest };
        if (text.Form is { } form)
        {
            schema["pattern"] = form.Pattern;
        }

        if (!text.MayHoldVariables)
        {
            schema["not"] = new JsonObject { ["type"] = "string", ["pattern"] = @"\$\{" };
        }

        return schema;
    }

    private static IEnumerable<JsonNode> Alternatives(ChoiceShape choice) =>
        choice
            .Alternatives.Select(a =>
            {
                JsonObject schema = Closed(
                    ObjectOf(
                        choice.Alternatives.Select(other =>
                            (
                                other.Key,
                                (JsonNode)(
                                    other == a
                                        ? Described(Documentation.Of(a.Member), Schema(a.Shape))
                                        : new JsonObject { ["type"] = "null" }
                                )
                            )
                        )
                    )
                );
                schema["required"] = new JsonArray(a.Key);
                return (JsonNode)schema;
            })
            .Append(
                choice.Plain is { } plain
                    ? Schema(plain.Shape)
                    : new JsonObject { ["enum"] = ArrayOf(choice.Alternatives.Select(a => (JsonNode)a.Key)) }
            );

    private static JsonArray ArrayOf(IEnumerable<JsonNode> items) => new([.. items]);

    private static JsonObject ObjectOf(IEnumerable<(string Key, JsonNode Value)> members) =>
        new(members.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
}
