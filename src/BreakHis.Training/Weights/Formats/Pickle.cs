using System.Buffers.Binary;
using System.Text;

namespace BreakHis.Training.Weights.Formats;

/// <summary>A pickled dictionary, in its own order.</summary>
internal sealed record PickledDictionary(List<(object? Key, object? Value)> Items);

/// <summary>A flat array of numbers in a separate entry next to the pickle.</summary>
internal sealed record PickledStorage(string Type, string Key, long Count);

/// <summary>A view of a storage: offset, shape and strides in elements.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);

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

/// <summary>
/// A pickle machine for the state dictionaries and checkpoints that torch.save writes. A pickle is a program that can
/// call anything in Python. This machine builds only dictionaries, tensors and storages, and calls nothing: of every
/// other object it keeps the name. Opcodes: Python's Lib/pickletools.py, protocol 2.
/// </summary>
internal ref struct Pickle
{
    private const string Dictionary = "collections.OrderedDict";
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildOldTensor = "torch._utils._rebuild_tensor";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string Parameter = "torch.nn.parameter.Parameter";
    private const string StoragePrefix = "torch.";
    private const string StorageSuffix = "Storage";

    private const int MostDimensions = 8;

    private static readonly object Mark = new();

    private readonly Stack<object?> _stack = new();
    private readonly Dictionary<int, object?> _memo = [];
    private readonly List<PickledStorage> _storages = [];
    private readonly SortedSet<string> _objects = new(StringComparer.Ordinal);
    private ReadOnlySpan<byte> _rest;

    private Pickle(ReadOnlySpan<byte> program) => _rest = program;

    /// <summary>Reads a pickled value.</summary>
    /// <param name="program">The pickle; other data may follow it.</param>
    /// <exception cref="FormatException">
    /// The pickle is incomplete, or uses an operation that is not allowed.
    /// </exception>
    public static PickledValue Load(ReadOnlySpan<byte> program)
    {
        try
        {
            var machine = new Pickle(program);
            object? root = machine.Run();
            return new PickledValue(root, program.Length - machine._rest.Length, machine._storages, machine._objects);
        }
        catch (Exception e)
            when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException($"the pickle is incomplete ({e.Message})", e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            byte opcode = Take(1)[0];
            if (opcode == (byte)'.')
            {
                return _stack.Pop();
            }

            if (!PushConstant(opcode) && !Collect(opcode))
            {
                Compute(opcode);
            }
        }
    }

    private bool PushConstant(byte opcode)
    {
        object? value;
        switch (opcode)
        {
            case (byte)'N':
                value = null;
                break;
            case 0x88 or 0x89:
                value = opcode == 0x88;
                break;
            case (byte)'J':
                value = (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            case (byte)'K':
                value = (long)Take(1)[0];
                break;
            case (byte)'M':
                value = (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
                break;
            case 0x8a:
                value = LongInteger(Take(Take(1)[0]));
                break;
            case (byte)'G':
                value = BinaryPrimitives.ReadDoubleBigEndian(Take(8));
                break;
            case (byte)'X':
                value = Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))));
                break;
            case (byte)'U':
                // Text pickled by Python 2, which wrote torchvision's oldest files.
                value = Encoding.UTF8.GetString(Take(Take(1)[0]));
                break;
            case (byte)'c':
                value = Named($"{Line()}.{Line()}");
                break;
            case (byte)'}':
                value = new PickledDictionary([]);
                break;
            case (byte)']':
                value = new List<object?>();
                break;
            case (byte)')':
                value = Array.Empty<object?>();
                break;
            case (byte)'(':
                value = Mark;
                break;
            default:
                return false;
        }

        _stack.Push(value);
        return true;
    }

    private bool Collect(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'t':
                _stack.Push(PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87:
                _stack.Push(Pop(opcode - 0x84));
                return true;
            case (byte)'a':
                Append(Pop(1));
                return true;
            case (byte)'e':
                Append(PopToMark());
                return true;
            case (byte)'s':
                SetItems(Pop(2));
                return true;
            case (byte)'u':
                SetItems(PopToMark());
                return true;
            default:
                return false;
        }
    }

    private void Compute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                Take(1);
                break;
            case (byte)'q':
                _memo[Take(1)[0]] = _stack.Peek();
                break;
            case (byte)'r':
                _memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))] = _stack.Peek();
                break;
            case (byte)'h':
                _stack.Push(_memo[Take(1)[0]]);
                break;
            case (byte)'j':
                _stack.Push(_memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))]);
                break;
            case (byte)'Q':
                PickledStorage storage = Storage(Expect<object?[]>(_stack.Pop()));
                _storages.Add(storage);
                _stack.Push(storage);
                break;
            case (byte)'R' or 0x81:
                object?[] arguments = Expect<object?[]>(_stack.Pop());
                object? called = _stack.Pop();
                _stack.Push(called is PickledObject ? called : Call(Expect<Global>(called), arguments));
                break;
            case (byte)'b':
                SetAttributes(_stack.Pop());
                break;
            default:
                throw new FormatException($"the pickle's opcode 0x{opcode:x2} is not used by state dictionaries");
        }
    }

    /// <summary>
    /// Ignores attributes that are not needed: a state dictionary's _metadata, an old parameter's flag for gradients,
    /// and all of an object of another type.
    /// </summary>
    private readonly void SetAttributes(object? attributes)
    {
        bool isParameter = _stack.Peek() is PickledTensor && attributes is object?[] { Length: 3 };
        if (!isParameter && _stack.Peek() is not PickledObject)
        {
            Expect<PickledDictionary>(_stack.Peek());
            Expect<PickledDictionary>(attributes);
        }
    }

    /// <summary>Returns what this machine knows by a name: a function or a type of tensors, else only the name.</summary>
    private readonly object Named(string name)
    {
        bool known =
            name is Dictionary or RebuildTensor or RebuildOldTensor or RebuildParameter or Parameter
            || (
                name.StartsWith(StoragePrefix, StringComparison.Ordinal)
                && PyTorchFile.StorageTypes.ContainsKey(StorageType(name))
            );
        if (known)
        {
            return new Global(name);
        }

        _objects.Add(name);
        return new PickledObject(name);
    }

    private static string StorageType(string name) =>
        name.EndsWith(StorageSuffix, StringComparison.Ordinal) ? name[StoragePrefix.Length..^StorageSuffix.Length] : "";

    private static object Call(Global function, object?[] arguments) =>
        (function.Name, arguments) switch
        {
            (Dictionary, []) => new PickledDictionary([]),
            // Python 2 passes an ordered dictionary its pairs on creation.
            (Dictionary, [List<object?> pairs]) => new PickledDictionary([.. pairs.Select(Pair)]),
            (RebuildTensor or RebuildOldTensor, [PickledStorage storage, long offset, var shape, var strides, ..]) =>
                new PickledTensor(storage, offset, Numbers(shape), Numbers(strides)),
            (RebuildParameter or Parameter, [PickledTensor tensor, ..]) => tensor,
            _ => throw new FormatException($"it calls {function.Name} with arguments that torch.save does not write"),
        };

    private static (object? Key, object? Value) Pair(object? pair) =>
        Expect<List<object?>>(pair) is [var key, var value]
            ? (key, value)
            : throw new FormatException("it has a dictionary whose items are not pairs");

    /// <summary>The older form has a sixth part, which is None unless the storage is a view of another.</summary>
    private static PickledStorage Storage(object?[] id) =>
        id is ["storage", Global type, string key, string, long count, .. var more]
        && more is [] or [null]
        && PyTorchFile.StorageTypes.ContainsKey(StorageType(type.Name))
            ? new PickledStorage(StorageType(type.Name), key, count)
            : throw new FormatException("it refers to an external object that is not a storage");

    private static long[] Numbers(object? numbers) =>
        Expect<object?[]>(numbers) is { Length: <= MostDimensions } few
            ? [.. few.Select(Expect<long>)]
            : throw new FormatException($"it has a tensor of more than {MostDimensions} dimensions");

    private static long LongInteger(ReadOnlySpan<byte> bytes)
    {
        var value = new System.Numerics.BigInteger(bytes);
        return value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new FormatException("it has an integer of more than 64 bits");
    }

    private readonly void Append(object?[] items)
    {
        if (_stack.Peek() is not PickledObject)
        {
            Expect<List<object?>>(_stack.Peek()).AddRange(items);
        }
    }

    private readonly void SetItems(object?[] items)
    {
        if (_stack.Peek() is PickledObject)
        {
            return;
        }

        PickledDictionary dictionary = Expect<PickledDictionary>(_stack.Peek());
        for (int i = 0; i + 1 < items.Length; i += 2)
        {
            dictionary.Items.Add((items[i], items[i + 1]));
        }
    }

    private static T Expect<T>(object? value) =>
        value is T expected
            ? expected
            : throw new FormatException($"it has {value?.GetType().Name ?? "nothing"}, expected {typeof(T).Name}");

    private readonly object?[] Pop(int count)
    {
        object?[] items = new object?[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = _stack.Pop();
        }

        return items;
    }

    private readonly object?[] PopToMark()
    {
        var items = new List<object?>();
        for (object? item = _stack.Pop(); item != Mark; item = _stack.Pop())
        {
            items.Add(item);
        }

        items.Reverse();
        return [.. items];
    }

    private string Line()
    {
        int end = _rest.IndexOf((byte)'\n');
        string line = Encoding.UTF8.GetString(Take(end));
        Take(1);
        return line;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private sealed record Global(string Name);
}
