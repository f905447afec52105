namespace BreakHis.Training.Weights.Formats;

/// <summary>A pickled dictionary, in its own order.</summary>
internal sealed record PickledDictionary(List<(object? Key, object? Value)> Items);

/// <summary>A flat array of numbers in a separate entry next to the pickle.</summary>
internal sealed record PickledStorage(string Type, string Key, long Count);

/// <summary>A view of a storage: offset, shape and strides in elements.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>A function or type that <see cref="PickledCalls"/> knows.</summary>
internal sealed record PickledGlobal(string Name);

/// <summary>An object of any other type. Only the name of its type or function is kept; nothing of it is executed.</summary>
internal sealed record PickledObject(string Name);

/// <summary>A pickled value.</summary>
/// <param name="Root">Dictionaries, lists (as arrays or lists), tensors, text, numbers, and objects by name.</param>
/// <param name="Length">The length of the pickle in bytes.</param>
/// <param name="Storages">All storages that the pickle refers to, also those of values that are ignored.</param>
/// <param name="Objects">The names of all types and functions of which only the name is kept, each once.</param>
internal sealed record PickledValue(
    object? Root,
    int Length,
    IReadOnlyList<PickledStorage> Storages,
    IReadOnlyCollection<string> Objects
);
