using BreakHis.Wording;

namespace BreakHis.Training.Weights.Formats;

/// <summary>A state dictionary in a pickle.</summary>
/// <param name="Entry">The checkpoint's entry that contains it, such as state_dict; empty if it is the whole pickle.</param>
internal sealed record PickledState(string Entry, IReadOnlyList<(string Name, PickledTensor Tensor)> Tensors)
{
    /// <summary>The entries with other state dictionaries, such as averaged weights, with about as many tensors.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The names of other types and functions in the pickle.</summary>
    public IReadOnlyCollection<string> Ignored { get; init; } = [];

    private const string Advice = "save model.state_dict() and nothing else";
    private const int Deepest = 3;
    private const int LongestQuoted = 60;
    private const int MostStates = 1000;

    /// <summary>The entries under which training scripts and libraries save a state dictionary, the usual first.</summary>
    private static readonly string[] Usual = ["state_dict", "model_state_dict", "model", "net", "network"];

    /// <summary>Finds the state dictionary of a pickled value: the value, or an entry of a checkpoint.</summary>
    /// <exception cref="FormatException">There is none, or several that are equally likely.</exception>
    public static PickledState In(PickledValue value)
    {
        if (value.Root is PickledObject other)
        {
            throw new FormatException($"it contains an object {other.Name}, which is refused; {Advice}");
        }

        if (value.Root is not PickledDictionary dictionary)
        {
            throw new FormatException($"it contains {Kind(value.Root)}; {Advice}");
        }

        PickledState state =
            Find(dictionary, depth: 0, new(ReferenceEqualityComparer.Instance))
            ?? throw new FormatException($"{WhyNone(dictionary)}{Refused(value.Objects)}; {Advice}");
        PickledState[] others =
        [
            .. All(dictionary, depth: 0, new(ReferenceEqualityComparer.Instance))
                .Where(other =>
                    other.Tensors.Count > state.Tensors.Count / 2 && !other.Tensors.SequenceEqual(state.Tensors)
                )
                .Take(MostStates + 1),
        ];
        RequireFew(others);
        return state with { Others = [.. others.Select(other => other.Entry)], Ignored = value.Objects };
    }

    /// <summary>All dictionaries of tensors in a dictionary.</summary>
    private static IEnumerable<PickledState> All(PickledDictionary dictionary, int depth, HashSet<object> seen) =>
        depth == Deepest
            ? []
            : dictionary.Items.SelectMany(item =>
                item is (string name, PickledDictionary inner) && seen.Add(inner)
                    ? OnlyTensors(inner) is { } tensors
                        ? [new PickledState(Quoted(name), tensors)]
                        : All(inner, depth + 1, seen)
                            .Select(state => state with { Entry = $"{Quoted(name)}.{state.Entry}" })
                    : []
            );

    /// <summary>The items of a dictionary that contains only tensors, and at least one; otherwise null.</summary>
    private static IReadOnlyList<(string Name, PickledTensor Tensor)>? OnlyTensors(PickledDictionary dictionary) =>
        dictionary.Items.Count > 0 && dictionary.Items.All(item => item is (string, PickledTensor))
            ? [.. dictionary.Items.Select(item => ((string)item.Key!, (PickledTensor)item.Value!))]
            : null;

    /// <param name="seen">The dictionaries that were searched already: a pickle may contain one often, also in itself.</param>
    private static PickledState? Find(PickledDictionary dictionary, int depth, HashSet<object> seen)
    {
        if (OnlyTensors(dictionary) is { } tensors)
        {
            return new PickledState("", tensors);
        }

        if (depth == Deepest)
        {
            return null;
        }

        // A usual entry decides, also if it is damaged: another one, such as averaged weights, would be a different network.
        foreach (string name in Usual)
        {
            (object? Key, object? Value) usual = dictionary.Items.Find(item =>
                item is (string key, PickledDictionary) && key == name
            );
            if (usual.Value is PickledDictionary inner)
            {
                if (Below(usual, depth, seen).FirstOrDefault() is { } state)
                {
                    return state;
                }

                if (inner.Items.Exists(item => item.Value is PickledTensor))
                {
                    throw new FormatException($"in '{name}', {WhyNone(inner)}; {Advice}");
                }
            }
        }

        PickledState[] found = [.. dictionary.Items.SelectMany(item => Below(item, depth, seen)).Take(MostStates + 1)];
        RequireFew(found);
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new FormatException(
                $"it contains several state dictionaries ({Listing.Words([.. found.Select(state => state.Entry)])}); save one of them alone"
            );
    }

    private static IEnumerable<PickledState> Below(
        (object? Key, object? Value) item,
        int depth,
        HashSet<object> seen
    ) =>
        item is (string name, PickledDictionary inner) && seen.Add(inner) && Find(inner, depth + 1, seen) is { } state
            ? [state with { Entry = state.Entry.Length == 0 ? Quoted(name) : $"{Quoted(name)}.{state.Entry}" }]
            : [];

    private static void RequireFew(PickledState[] states)
    {
        if (states.Length > MostStates)
        {
            throw new FormatException($"it contains more than {MostStates} state dictionaries; {Advice}");
        }
    }

    /// <summary>A name of an entry: a short pickle can use a long one many times.</summary>
    private static string Quoted(string name) => Clipped.To(LongestQuoted, name);

    private static string Kind(object? value) =>
        value switch
        {
            PickledTensor => "one tensor without a name",
            IReadOnlyCollection<object?> list => $"a list of {Plural.Of(list.Count, "value")} without names",
            _ => "no dictionary",
        };

    private static string WhyNone(PickledDictionary dictionary) =>
        dictionary.Items.Count == 0 ? "the dictionary is empty"
        : dictionary.Items.Exists(item => item.Value is PickledTensor)
            ? $"the entry '{Name(dictionary.Items.Find(item => item is not (string, PickledTensor)).Key)}' is not a tensor"
        : $"none of its entries ({Listing.Words([.. dictionary.Items.Select(item => Name(item.Key))], shown: 5)}) is a dictionary of tensors";

    private static string Name(object? key) => Quoted($"{key}");

    private static string Refused(IReadOnlyCollection<string> objects) =>
        objects.Count == 0 ? "" : $", and it asks for {Listing.Words(objects)}, which is refused";
}
