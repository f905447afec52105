using System.Diagnostics;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Shapes;
using BreakHis.Wording;

namespace BreakHis.Specs.Reading;

/// <summary>A spec, as far as it could be read.</summary>
/// <param name="Spec">The spec. Values at or below a faulty path are defaults or null.</param>
/// <param name="Problems">All problems of single values.</param>
/// <param name="FaultyPaths">The paths of these problems.</param>
internal sealed record BoundSpec(
    ExperimentSpec Spec,
    IReadOnlyList<Problem> Problems,
    IReadOnlyCollection<string> FaultyPaths
);

/// <summary>Converts a tree to records and collects all problems.</summary>
internal sealed class SpecBinder
{
    private const int LongestQuoted = 60;

    private readonly List<Problem> _problems = [];
    private readonly HashSet<string> _faultyPaths = new(StringComparer.Ordinal);

    /// <summary>Binds the tree of a complete spec, without <c>extends</c> and <c>matrix</c>.</summary>
    public static BoundSpec Bind(MappingNode tree)
    {
        var binder = new SpecBinder();
        var spec = (ExperimentSpec)binder.Record(tree, ShapeReflection.Spec, "");
        return new BoundSpec(spec, binder._problems, binder._faultyPaths);
    }

    /// <summary>Binds the tree of any other record.</summary>
    public static (object Record, IReadOnlyList<Problem> Problems) Bind(MappingNode tree, RecordShape shape)
    {
        var binder = new SpecBinder();
        return (binder.Record(tree, shape, ""), binder._problems);
    }

    private object? Value(SpecNode node, Shape shape, string path) =>
        shape switch
        {
            RecordShape record => node is MappingNode mapping
                ? Record(mapping, record, path)
                : Wrong(node, shape, path),
            ListShape list => node is SequenceNode sequence ? List(sequence, list, path) : Wrong(node, shape, path),
            ChoiceShape choice => Choice(node, choice, path),
            NameShape names => node is ScalarNode scalar ? Name(scalar, names, path) : Wrong(node, shape, path),
            TextShape text => node is ScalarNode scalar ? Text(scalar, text, path) : Wrong(node, shape, path),
            _ => node is ScalarNode { IsPlain: true } plain ? Plain(plain, shape, path) : Wrong(node, shape, path),
        };

    private object Record(MappingNode mapping, RecordShape shape, string path)
    {
        object record = ShapeReflection.New(shape);
        foreach (MappingEntry entry in mapping.Entries)
        {
            if (path.Length == 0 && entry.Key.StartsWith(SpecReader.AnchorPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (shape.Members.FirstOrDefault(m => m.Key == entry.Key) is not { } member)
            {
                UnknownKey(entry, path, shape.Members.Select(m => m.Key));
            }
            else if (member.IsRequired || !CoreSchema.IsExplicitNull(entry.Value))
            {
                if (Value(entry.Value, member.Shape, Join(path, entry.Key)) is { } value)
                {
                    member.Property.SetValue(record, value);
                }
            }
        }

        foreach (ShapeMember member in shape.Members.Where(m => m.IsRequired && mapping.Find(m.Key) is null))
        {
            if (!_faultyPaths.Contains(Join(path, member.Key)))
            {
                Add(
                    mapping.Place,
                    ProblemCodes.MissingKey,
                    Join(path, member.Key),
                    $"required key is missing; expected {member.Shape.Words}"
                );
            }
        }

        return record;
    }

    private Array? List(SequenceNode sequence, ListShape shape, string path)
    {
        ItemsAttribute limits = shape.Limits;
        if (sequence.Items.Count < limits.AtLeast || sequence.Items.Count > limits.AtMost)
        {
            string range =
                limits.AtLeast == limits.AtMost ? $"{limits.AtLeast}" : $"{limits.AtLeast} to {limits.AtMost}";
            Add(
                sequence.Place,
                ProblemCodes.ListNotAllowed,
                path,
                $"{Plural.Of(sequence.Items.Count, "item")} in the list; expected {range}"
            );
            return null;
        }

        var items = Array.CreateInstance(shape.ItemClr, sequence.Items.Count);
        HashSet<object> seen = [];
        for (int i = 0; i < items.Length; i++)
        {
            string itemPath = $"{path}[{i}]";
            if (Value(sequence.Items[i], shape.Item, itemPath) is not { } item)
            {
                continue;
            }

            items.SetValue(item, i);
            if (!seen.Add(item) && limits.Distinct)
            {
                string what = $"{Quoted(sequence.Items[i])} is in the list twice";
                Add(sequence.Items[i].Place, ProblemCodes.ListNotAllowed, itemPath, what);
            }
        }

        return items;
    }

    private object? Choice(SpecNode node, ChoiceShape shape, string path)
    {
        IEnumerable<string> keys = shape.Alternatives.Select(a => a.Key);
        if (node is ScalarNode && shape.AlwaysPlain is { } always)
        {
            return Made(node, always, path);
        }

        if (node is ScalarNode scalar && CoreSchema.KindOf(scalar) == ScalarKind.Text)
        {
            if (shape.Plain is { } plain)
            {
                return Made(scalar, plain, path);
            }

            return shape.Alternatives.FirstOrDefault(a => a.Key == scalar.Text) is { } named
                ? Made(new MappingNode(scalar.Place, []), named, path)
                : WrongName(scalar, shape, keys, path);
        }

        if (node is not MappingNode mapping)
        {
            return Wrong(node, shape, path);
        }

        foreach (MappingEntry entry in mapping.Entries.Where(e => !keys.Contains(e.Key, StringComparer.Ordinal)))
        {
            UnknownKey(entry, path, keys);
        }

        var given = shape
            .Alternatives.Where(a => mapping.Find(a.Key) is { } entry && !CoreSchema.IsExplicitNull(entry.Value))
            .ToList();
        if (given.Count == 1)
        {
            return Made(mapping.Find(given[0].Key)!.Value, given[0], Join(path, given[0].Key));
        }

        if (given.Count > 1 || mapping.Entries.All(e => keys.Contains(e.Key, StringComparer.Ordinal)))
        {
            string found = given.Count == 0 ? "none" : string.Join(" and ", given.Select(g => g.Key));
            string expected = shape.Alternatives is [var only]
                ? $"the key {only.Key}"
                : $"exactly one of {string.Join(", ", keys)}";
            Add(mapping.Place, ProblemCodes.NotOneAlternative, path, $"expected {expected}; found {found}");
        }

        return null;
    }

    private object? Made(SpecNode node, Alternative alternative, string path) =>
        Value(node, alternative.Shape, path) is { } value ? alternative.Make(value) : null;

    private object? Name(ScalarNode scalar, NameShape shape, string path)
    {
        if (CoreSchema.KindOf(scalar) != ScalarKind.Text)
        {
            return Wrong(scalar, shape, path);
        }

        object value = shape.Names.FirstOrDefault(n => n.Name == scalar.Text).Value;
        return value ?? WrongName(scalar, shape, shape.Names.Select(n => n.Name), path);
    }

    private object? WrongName(ScalarNode scalar, Shape shape, IEnumerable<string> names, string path)
    {
        // The message names the only one already.
        string question = names.Skip(1).Any() ? NearestName.Question(scalar.Text, names) : "";
        Add(
            scalar.Place,
            ProblemCodes.UnknownName,
            path,
            $"{Quoted(scalar)} is unknown; expected {shape.Words}{question}"
        );
        return null;
    }

    private string? Text(ScalarNode scalar, TextShape shape, string path)
    {
        string text = scalar.Text;
        ScalarKind kind = CoreSchema.KindOf(scalar);
        if (kind is not ScalarKind.Text)
        {
            string what =
                kind is ScalarKind.Null ? Mismatch(scalar, shape) : $"{Quoted(scalar)} is not text; put it in quotes";
            Add(scalar.Place, ProblemCodes.WrongType, path, what);
            return null;
        }

        if (!shape.MayHoldVariables && PathVariables.Has(text))
        {
            Add(scalar.Place, ProblemCodes.BadVariable, path, PathVariables.NotHere);
            return null;
        }

        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\t')))
        {
            Add(scalar.Place, ProblemCodes.TextNotAllowed, path, "the text contains a control character");
            return null;
        }

        if (text.Length > shape.Longest)
        {
            string what = $"{text.Length} characters; at most {shape.Longest} are allowed";
            Add(scalar.Place, ProblemCodes.TextNotAllowed, path, what);
            return null;
        }

        if (shape.Pattern?.IsMatch(text) == false)
        {
            Add(scalar.Place, ProblemCodes.TextNotAllowed, path, Mismatch(scalar, shape));
            return null;
        }

        return text;
    }

    private object? Plain(ScalarNode scalar, Shape shape, string path)
    {
        string text = scalar.Text;
        object? value = shape switch
        {
            TruthShape => CoreSchema.Truth(text),
            NumberShape => CoreSchema.Number(text),
            WholeShape => CoreSchema.Whole(text),
            _ => throw new UnreachableException($"unknown: {shape}"),
        };
        bool allowed = (shape, value) switch
        {
            (NumberShape number, double d) => number.Allows(d),
            (WholeShape whole, long l) => whole.Allows(l),
            _ => value is not null,
        };
        if (allowed)
        {
            return shape is WholeShape { Clr: var clr } && clr == typeof(int) ? (int)(long)value! : value;
        }

        return Wrong(scalar, shape, path, value is null ? ProblemCodes.WrongType : ProblemCodes.OutOfRange);
    }

    private object? Wrong(SpecNode node, Shape shape, string path, string code = ProblemCodes.WrongType)
    {
        string hint = node switch
        {
            ScalarNode { IsPlain: true } plain when CoreSchema.HasLeadingZeros(plain.Text) => "; remove leading zeros",
            ScalarNode { IsPlain: false } when shape is TruthShape or NumberShape or WholeShape =>
                "; remove the quotes",
            ScalarNode { Text: not "" } when shape is ListShape =>
                $"; write [{Clipped.To(LongestQuoted, node.Flow())}]",
            _ => "",
        };
        Add(node.Place, code, path, Mismatch(node, shape) + hint);
        return null;
    }

    private void UnknownKey(MappingEntry entry, string path, IEnumerable<string> keys)
    {
        IEnumerable<string> known = path.Length == 0 ? keys.Concat(SpecReader.FileKeys) : keys;
        if (NearestName.Of(entry.Key, known) is { } meant)
        {
            // Problems that depend on the intended key would only repeat this one.
            _faultyPaths.Add(Join(path, meant));
        }

        string what = $"unknown key; allowed keys: {string.Join(", ", known)}";
        string question = Hint(path, entry.Key) ?? NearestName.Question(entry.Key, known);
        Add(entry.KeyPlace, ProblemCodes.UnknownKey, Join(path, Clipped.To(LongestQuoted, entry.Key)), what + question);
    }

    /// <summary>What to write instead of keys that people know from elsewhere; null for other keys.</summary>
    private static string? Hint(string path, string key) =>
        (path, key) switch
        {
            (_, "<<") => "; merge keys are not supported: use 'extends', or an alias for a whole value (key: *name)",
            ("model.weights", "file" or "path" or "folder") => "; write the path itself (weights: PATH)",
            ("model.weights", "mean" or "std" or "range" or "channel_order" or "preprocessing") =>
                "; model.preprocessing says how images are preprocessed",
            _ => null,
        };

    private void Add(Place place, string code, string path, string what)
    {
        _faultyPaths.Add(path);
        _problems.Add(place.Problem(code, $"{path}: {what}"));
    }

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Mismatch(SpecNode node, Shape shape) =>
        node is ScalarNode { IsPlain: true, Text: "" }
            ? $"the value is missing; expected {shape.Words}"
            : $"{Quoted(node)} is not {shape.Words}";

    private static string Quoted(SpecNode node) =>
        node switch
        {
            ScalarNode scalar => $"'{Clipped.To(LongestQuoted, scalar.Text)}'",
            SequenceNode => "a list",
            _ => "a mapping",
        };
}
