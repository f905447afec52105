namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// The few functions and types of Python that a state dictionary needs, and what they build. Every other name is kept as
/// a <see cref="PickledObject"/>, and so is what it would build.
/// </summary>
internal static class PickledCalls
{
    private const string Dictionary = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildOldTensor = "torch._utils._rebuild_tensor";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Parameter = "torch.nn.parameter.Parameter";
    private const string StoragePrefix = "torch.";
    private const string StorageSuffix = "Storage";

    private const int MostDimensions = 8;

    /// <summary>Whether a name is a function or type that <see cref="Of"/> or <see cref="Storage"/> understands.</summary>
    public static bool Knows(string name) =>
        name is Dictionary or RebuildTensor or RebuildOldTensor or RebuildParameter or Parameter
        || (
            name.StartsWith(StoragePrefix, StringComparison.Ordinal)
            && PyTorchFile.StorageTypes.ContainsKey(StorageType(name))
        );

    /// <summary>What a call builds.</summary>
    /// <param name="function">A function that is known.</param>
    /// <exception cref="FormatException">torch.save does not write such a call.</exception>
    public static object Of(PickledGlobal function, object?[] arguments) =>
        (function.Name, arguments) switch
        {
            (Dictionary, []) => new PickledDictionary([]),
            // Python 2 passes an ordered dictionary its pairs on creation.
            (Dictionary, [List<object?> pairs]) => new PickledDictionary([.. pairs.Select(Pair)]),
            (RebuildTensor or RebuildOldTensor, [PickledStorage storage, long offset, var shape, var strides, ..]) =>
                new PickledTensor(storage, offset, Numbers(shape), Numbers(strides)),
            (RebuildParameter or Parameter, [PickledTensor tensor, ..]) => tensor,
            // A tensor of a type that no network here has, such as a quantised one.
            (_, [PickledObject, ..]) => new PickledObject(function.Name),
            _ => throw new FormatException($"it calls {function.Name} with arguments that torch.save does not write"),
        };

    /// <summary>
    /// The storage that a reference to an external object means; only its name, if its type is not known.
    /// </summary>
    /// <param name="id">The older form has a sixth part, which is None unless the storage is a view of another.</param>
    /// <exception cref="FormatException">It is no storage.</exception>
    public static object Storage(object?[] id) =>
        id switch
        {
            ["storage", PickledGlobal type, string key, string, long count, .. var more]
                when more is [] or [null] && PyTorchFile.StorageTypes.ContainsKey(StorageType(type.Name)) => key.Length
            > Pickle.LongestName
                ? throw new FormatException($"the key of a storage has more than {Pickle.LongestName} characters")
                : new PickledStorage(StorageType(type.Name), key, count),
            ["storage", PickledObject type, ..] => type,
            _ => throw new FormatException("it refers to an external object that is not a storage"),
        };

    private static string StorageType(string name) =>
        name.EndsWith(StorageSuffix, StringComparison.Ordinal) ? name[StoragePrefix.Length..^StorageSuffix.Length] : "";

    private static (object? Key, object? Value) Pair(object? pair) =>
        pair switch
        {
            List<object?> and [var key, var value] => (key, value),
            object?[] and [var key, var value] => (key, value),
            _ => throw new FormatException("it has a dictionary whose items are not pairs"),
        };

    private static long[] Numbers(object? numbers) =>
        numbers is object?[] { Length: <= MostDimensions } few && few.All(number => number is long)
            ? [.. few.Cast<long>()]
            : throw new FormatException($"it has a tensor whose shape is not at most {MostDimensions} integers");
}
