using System.Text.Json.Nodes;
using BreakHis.Specs;
using BreakHis.Specs.Shapes;

namespace BreakHis.Tests.Specs;

/// <summary>A spec with one changed setting.</summary>
/// <param name="Path">The setting, a dotted path without indices.</param>
/// <param name="IsAlone">Whether nothing else changed. A new record also brings its other settings.</param>
internal sealed record LeafChange(string Path, ExperimentSpec Spec, bool IsAlone);

/// <summary>Changes every setting of a spec, one at a time, to every kind of value that its shape allows.</summary>
internal static class LeafChanges
{
    /// <summary>All settings that a spec can have and that can have more than one value.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. PathsOf(ShapeReflection.Spec, "").Distinct()];

    /// <summary>The changed versions of a spec.</summary>
    public static IEnumerable<LeafChange> Of(ExperimentSpec spec)
    {
        var json = (JsonObject)JsonNode.Parse(CanonicalForm.Of(spec))!;
        return from change in Changes(ShapeReflection.Spec, json, "")
            let changed = (JsonObject)Replaced(json, change.Place, change.Value)
            select new LeafChange(change.Path, CanonicalForm.FromCanonical(changed.ToJsonString()), change.IsAlone);
    }

    private static IEnumerable<string> PathsOf(Shape shape, string path) =>
        shape switch
        {
            RecordShape record => record.Members.SelectMany(m => PathsOf(m.Shape, Join(path, m.Key))),
            ChoiceShape choice => choice
                .Alternatives.SelectMany(a => PathsOf(a.Shape, Join(path, a.Key)))
                .Concat(choice.AlwaysPlain is null ? [] : [path]),
            NameShape { Names.Count: 1 } => [],
            _ => [path],
        };

    private static IEnumerable<Change> Changes(Shape shape, JsonNode? node, string path, params string[] place) =>
        (shape, node) switch
        {
            (RecordShape record, JsonObject members) => record.Members.SelectMany(m =>
                Changes(m.Shape, members[m.Key] ?? Missing(m), Join(path, m.Key), [.. place, m.Key])
            ),
            (RecordShape record, null) => Changes(record, new JsonObject(), path, place)
                .Select(change => Whole(record, change, place)),
            (ChoiceShape choice, _) => choice
                .Alternatives.SelectMany(a =>
                    Changes(
                            a.Shape,
                            (node as JsonObject)?[a.Key] ?? Least(a.Shape),
                            Join(path, a.Key),
                            [.. place, a.Key]
                        )
                        .Select(change => Alone(a, node, change, place))
                )
                .Concat(choice.AlwaysPlain is { } plain ? Changes(plain.Shape, node, path, place) : []),
            _ => Values(shape)
                .Where(value => !JsonNode.DeepEquals(value, node))
                .Select(value => new Change(path, place, value, IsAlone: true)),
        };

    /// <summary>The value of a member that the canonical form leaves out: its default, or null.</summary>
    private static JsonNode? Missing(ShapeMember member) =>
        member.Before is { } before ? JsonNode.Parse(ShapeJson.Of(before, member.Shape).ToString()) : null;

    /// <summary>A new record comes with its required settings.</summary>
    private static Change Whole(RecordShape record, Change change, string[] place) =>
        new(change.Path, place, Replaced(Least(record)!, change.Place[place.Length..], change.Value), IsAlone: false);

    /// <summary>A different alternative replaces the existing one.</summary>
    private static Change Alone(Alternative alternative, JsonNode? node, Change change, string[] place)
    {
        JsonNode under = (node as JsonObject)?[alternative.Key]?.DeepClone() ?? Least(alternative.Shape)!;
        JsonNode changed = Replaced(under, change.Place[(place.Length + 1)..], change.Value);
        bool wasThere = (node as JsonObject)?.ContainsKey(alternative.Key) == true;
        return new Change(
            change.Path,
            place,
            new JsonObject { [alternative.Key] = changed },
            change.IsAlone && wasThere
        );
    }

    /// <summary>The smallest value that a shape allows.</summary>
    private static JsonNode? Least(Shape shape) =>
        shape switch
        {
            RecordShape record => new JsonObject(
                record
                    .Members.Where(m => m.IsRequired)
                    .Select(m => new KeyValuePair<string, JsonNode?>(m.Key, Least(m.Shape)))
            ),
            ChoiceShape choice => new JsonObject { [choice.Alternatives[0].Key] = Least(choice.Alternatives[0].Shape) },
            _ => Values(shape).First(),
        };

    private static IEnumerable<JsonNode> Values(Shape shape) =>
        shape switch
        {
            TruthShape => [true, false],
            WholeShape { Among: { } among } => [.. among.Select(value => (JsonNode)value)],
            WholeShape whole => [.. ((long[])[2, 3, 77]).Where(whole.Allows).Select(value => (JsonNode)value)],
            NumberShape number => [.. ((double[])[0.125, 0.25, 0.75]).Where(number.Allows).Select(n => (JsonNode)n)],
            NameShape names => [.. names.Names.Select(n => (JsonNode)n.Name)],
            ListShape list =>
            [
                .. Values(list.Item)
                    .Select(item => new JsonArray([
                        .. Enumerable.Repeat(item, Math.Max(1, list.Limits.AtLeast)).Select(i => i.DeepClone()),
                    ])),
                .. list.Limits.AtLeast == 0 ? [new JsonArray()] : (JsonNode[])[],
            ],
            TextShape => ["Mixed_7b", "Mixed_7c", "other"],
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "no values"),
        };

    private static JsonNode Replaced(JsonNode json, string[] place, JsonNode? value)
    {
        if (place.Length == 0)
        {
            return value!.DeepClone();
        }

        var changed = (JsonObject)json.DeepClone();
        changed[place[0]] = Replaced(changed[place[0]] ?? new JsonObject(), place[1..], value);
        return changed;
    }

    private sealed record Change(string Path, string[] Place, JsonNode? Value, bool IsAlone);

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
