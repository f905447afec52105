using System.Buffers.Binary;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// A pickle machine for the state dictionaries and checkpoints that torch.save writes. A pickle is a program that can
/// call anything in Python. This machine builds only dictionaries, tensors and storages, and calls nothing: of every
/// other object it keeps the name. Opcodes: Python's Lib/pickletools.py, protocols 2 to 5.
/// </summary>
internal ref struct Pickle
{
    /// <summary>Limit in characters of a name. The longest of PyTorch has about 100.</summary>
    public const int LongestName = 1000;

    /// <summary>Each takes some dozens of bytes of memory. The pickle of Inception V3 has 20,000.</summary>
    private const int MostOperations = 1 << 22;

    /// <summary>Limit in characters of the names of all types and functions, however often each occurs.</summary>
    private const int MostNames = 1 << 23;

    private static readonly PickledObject Bytes = new("builtins.bytes");
    private static readonly PickledObject Set = new("builtins.set");

    private readonly PickleStack _stack = new();
    private readonly Dictionary<int, object?> _memo = [];
    private readonly List<PickledStorage> _storages = [];
    private readonly SortedSet<string> _objects = new(StringComparer.Ordinal);
    private PickleBytes _bytes;

    /// <summary>
    /// How many more items may be copied from lists into dictionaries. torch.save uses each list once, and no item takes
    /// less than a byte.
    /// </summary>
    private int _copies;

    /// <summary>How many more characters the names of types and functions may have.</summary>
    private int _names = MostNames;

    private Pickle(ReadOnlySpan<byte> program)
    {
        _bytes = new PickleBytes(program);
        _copies = program.Length;
    }

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
            return new PickledValue(root, program.Length - machine._bytes.Left, machine._storages, machine._objects);
        }
        catch (Exception e)
            when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new FormatException("the pickle is incomplete or damaged", e);
        }
    }

    private object? Run()
    {
        for (int i = 0; i < MostOperations; i++)
        {
            byte opcode = _bytes.Byte();
            if (opcode == (byte)'.')
            {
                return _stack.Pop();
            }

            if (!PushNumber(opcode) && !PushObject(opcode) && !Remember(opcode) && !Collect(opcode))
            {
                Compute(opcode);
            }
        }

        throw new FormatException($"the pickle has more than {MostOperations} operations");
    }

    /// <summary>Handles opcodes that push a number, text or None.</summary>
    private bool PushNumber(byte opcode)
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
                value = (long)_bytes.Integer();
                break;
            case (byte)'K':
                value = (long)_bytes.Byte();
                break;
            case (byte)'M':
                value = (long)BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Take(2));
                break;
            case 0x8a:
                value = _bytes.Number(_bytes.Byte());
                break;
            case 0x8b:
                value = _bytes.Number(_bytes.Integer());
                break;
            case (byte)'G':
                value = BinaryPrimitives.ReadDoubleBigEndian(_bytes.Take(8));
                break;
            case (byte)'X' or (byte)'T':
                value = _bytes.Text(_bytes.Integer());
                break;
            case 0x8c:
            // Text pickled by Python 2, which wrote torchvision's oldest files.
            case (byte)'U':
                value = _bytes.Text(_bytes.Byte());
                break;
            case 0x8d:
                value = _bytes.Text(_bytes.LongLength());
                break;
            default:
                return false;
        }

        _stack.Push(value);
        return true;
    }

    /// <summary>Handles opcodes that push an empty collection, a name, or bytes, which are skipped.</summary>
    private bool PushObject(byte opcode)
    {
        object value;
        switch (opcode)
        {
            case (byte)'c':
                value = Named(_bytes.Line(), _bytes.Line());
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
                value = PickleStack.Mark;
                break;
            case 0x8f:
                value = Set;
                break;
            case (byte)'C':
                _bytes.Take(_bytes.Byte());
                value = Bytes;
                break;
            case (byte)'B':
                _bytes.Take(_bytes.Integer());
                value = Bytes;
                break;
            case 0x8e or 0x96:
                _bytes.Take(_bytes.LongLength());
                value = Bytes;
                break;
            default:
                return false;
        }

        _stack.Push(value);
        return true;
    }

    /// <summary>Handles opcodes that put values into the memo and get them from there, and those that change nothing.</summary>
    private bool Remember(byte opcode)
    {
        switch (opcode)
        {
            case 0x80:
                _bytes.Take(1);
                return true;
            case 0x95:
                _bytes.Take(sizeof(long));
                return true;
            case (byte)'q':
                _memo[_bytes.Byte()] = _stack.Peek();
                return true;
            case (byte)'r':
                _memo[_bytes.Integer()] = _stack.Peek();
                return true;
            case 0x94:
                _memo[_memo.Count] = _stack.Peek();
                return true;
            case (byte)'h':
                _stack.Push(_memo[_bytes.Byte()]);
                return true;
            case (byte)'j':
                _stack.Push(_memo[_bytes.Integer()]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Handles opcodes that make collections of values, or add values to them.</summary>
    private bool Collect(byte opcode)
    {
        switch (opcode)
        {
            case (byte)'t':
                _stack.Push(_stack.PopToMark());
                return true;
            case 0x85 or 0x86 or 0x87:
                _stack.Push(_stack.Pop(opcode - 0x84));
                return true;
            case (byte)'a':
                _stack.Append(_stack.Pop(1));
                return true;
            case (byte)'e':
                _stack.Append(_stack.PopToMark());
                return true;
            case (byte)'s':
                _stack.SetItems(_stack.Pop(2));
                return true;
            case (byte)'u':
                _stack.SetItems(_stack.PopToMark());
                return true;
            case 0x90:
                _stack.PopToMark();
                return true;
            case 0x91:
                _stack.PopToMark();
                _stack.Push(Set);
                return true;
            case (byte)'0':
                _stack.Pop();
                return true;
            case (byte)'1':
                _stack.PopToMark();
                return true;
            default:
                return false;
        }
    }

    private void Compute(byte opcode)
    {
        switch (opcode)
        {
            case 0x93:
                string name = _stack.Pop<string>();
                _stack.Push(Named(_stack.Pop<string>(), name));
                break;
            case (byte)'Q':
                object external = PickledCalls.Storage(_stack.Pop<object?[]>());
                if (external is PickledStorage storage)
                {
                    _storages.Add(storage);
                }

                _stack.Push(external);
                break;
            case 0x92:
                _stack.Pop();
                Call();
                break;
            case (byte)'R' or 0x81:
                Call();
                break;
            case (byte)'b':
                _stack.SetAttributes(_stack.Pop());
                break;
            default:
                throw new FormatException($"the pickle's opcode 0x{opcode:x2} is not used by state dictionaries");
        }
    }

    private void Call()
    {
        object?[] arguments = _stack.Pop<object?[]>();
        object? called = _stack.Pop();
        if (called is PickledObject)
        {
            _stack.Push(called);
            return;
        }

        _copies -= arguments is [List<object?> items] ? items.Count : 0;
        if (_copies < 0)
        {
            throw new FormatException("it uses lists more often than torch.save writes");
        }

        _stack.Push(PickledCalls.Of(PickleStack.Expect<PickledGlobal>(called), arguments));
    }

    /// <summary>Returns what this machine knows by a name: a function or a type of tensors, else only the name.</summary>
    private object Named(string module, string function)
    {
        int length = module.Length + 1 + function.Length;
        _names -= length;
        if (length > LongestName || _names < 0)
        {
            throw new FormatException(
                $"the name of a type or function has more than {LongestName} characters, or all names more than {MostNames}"
            );
        }

        string name = $"{module}.{function}";
        if (PickledCalls.Knows(name))
        {
            return new PickledGlobal(name);
        }

        _objects.Add(name);
        return new PickledObject(name);
    }
}
