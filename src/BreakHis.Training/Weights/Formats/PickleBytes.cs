using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace BreakHis.Training.Weights.Formats;

/// <summary>Reads the numbers and texts of a pickle, from its beginning onwards.</summary>
/// <remarks>Every method throws <see cref="ArgumentException"/> at the end of the pickle.</remarks>
internal ref struct PickleBytes(ReadOnlySpan<byte> pickle)
{
    private ReadOnlySpan<byte> _rest = pickle;

    /// <summary>The number of bytes that were not read.</summary>
    public readonly int Left => _rest.Length;

    /// <summary>Reads a number of one byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Reads a number of four bytes.</summary>
    public int Integer() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>Reads a length of eight bytes.</summary>
    /// <exception cref="OverflowException">It is longer than any file that is read.</exception>
    public int LongLength() => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(long))));

    /// <summary>
    /// Reads a number of so many bytes. If it has at most 64 bits, it is returned as such, else as a large integer: the
    /// magic number of old files, or the state of a random generator, whose exact value does not matter.
    /// </summary>
    public object Number(int length)
    {
        const int Longest = 64;
        ReadOnlySpan<byte> bytes = Take(length);
        var value = new BigInteger(bytes[..Math.Min(bytes.Length, Longest)]);
        return value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;
    }

    /// <summary>Reads a text of so many bytes.</summary>
    public string Text(int length) => Encoding.UTF8.GetString(Take(length));

    /// <summary>Reads a text up to the end of its line.</summary>
    public string Line()
    {
        string line = Text(_rest.IndexOf((byte)'\n'));
        Take(1);
        return line;
    }

    /// <summary>Reads so many bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
