using System.Collections;
using System.Diagnostics;
using System.Globalization;
using BreakHis.Json;

namespace BreakHis.Specs.Shapes;

/// <summary>
/// Writes values of specs and plans as canonical JSON, using their shapes; values that are not set are omitted.
/// </summary>
internal static class ShapeJson
{
    /// <summary>Returns a value as canonical JSON.</summary>
    public static CanonicalJson Of(object value, Shape shape) =>
        shape switch
        {
            TruthShape => (bool)value,
            WholeShape => Convert.ToInt64(value, CultureInfo.InvariantCulture),
            NumberShape => (double)value,
            TextShape => CanonicalJson.From((string)value)!,
            NameShape names => CanonicalJson.From(names.Names.First(n => n.Value.Equals(value)).Name)!,
            ListShape list => CanonicalJson.Array(((IEnumerable)value).Cast<object>().Select(i => Of(i, list.Item))),
            MapShape => CanonicalJson.Object(
                ((IReadOnlyDictionary<string, string>)value).Select(entry =>
                    (entry.Key, CanonicalJson.From(entry.Value))
                )
            ),
            ChoiceShape { AlwaysPlain: { } plain } when plain.Take(value) is { } taken => Of(taken, plain.Shape),
            ChoiceShape choice => CanonicalJson.Object(
                choice.Alternatives.Select(a => (a.Key, OrNothing(a.Take(value), a.Shape)))
            ),
            RecordShape record => CanonicalJson.Object(Members(value, record)),
            _ => throw new UnreachableException($"unknown: {shape}"),
        };

    private static IEnumerable<(string Key, CanonicalJson? Value)> Members(object record, RecordShape shape) =>
        from member in shape.Members
        let value = member.Property.GetValue(record)
        where value is null || !value.Equals(member.Before)
        from written in member is { IsInlined: true, Shape: RecordShape inner } && value is not null
            ? Members(value, inner)
            : [(member.Key, OrNothing(value, member.Shape))]
        select written;

    private static CanonicalJson? OrNothing(object? value, Shape shape) => value is null ? null : Of(value, shape);
}
