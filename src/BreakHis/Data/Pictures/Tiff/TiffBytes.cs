using System.Buffers.Binary;
using System.Diagnostics;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>
/// The bytes of a TIFF file in its byte order, as TIFF 6.0 (Adobe, 1992) and BigTIFF (Joris Van Damme, 2007) define
/// them.
/// </summary>
internal sealed class TiffBytes
{
    private const int ClassicVersion = 42;
    private const int BigVersion = 43;

    private readonly byte[] _bytes;
    private readonly string _name;
    private readonly bool _isLittleEndian;

    /// <param name="bytes">The file's bytes, which begin like a TIFF file.</param>
    /// <param name="name">The name to use in errors.</param>
    public TiffBytes(byte[] bytes, string name)
    {
        _bytes = bytes;
        _name = name;
        _isLittleEndian = bytes[0] == 'I';
        IsBig = Number(2, 2) == BigVersion;
    }

    /// <summary>Whether offsets have 64 bits.</summary>
    public bool IsBig { get; }

    /// <summary>The size of an offset in bytes.</summary>
    public int OffsetSize => IsBig ? 8 : 4;

    /// <summary>Returns whether the bytes begin like a TIFF file.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> bytes) =>
        bytes
            is [(byte)'I', (byte)'I', ClassicVersion or BigVersion, 0, ..]
                or [(byte)'M', (byte)'M', 0, ClassicVersion or BigVersion, ..];

    /// <summary>Returns an unsigned number.</summary>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <exception cref="DataException">It is outside the file.</exception>
    public long Number(long at, int size)
    {
        Require(at, size);
        ReadOnlySpan<byte> number = _bytes.AsSpan((int)at, size);
        ulong value = size switch
        {
            1 => number[0],
            2 when _isLittleEndian => BinaryPrimitives.ReadUInt16LittleEndian(number),
            2 => BinaryPrimitives.ReadUInt16BigEndian(number),
            4 when _isLittleEndian => BinaryPrimitives.ReadUInt32LittleEndian(number),
            4 => BinaryPrimitives.ReadUInt32BigEndian(number),
            8 when _isLittleEndian => BinaryPrimitives.ReadUInt64LittleEndian(number),
            8 => BinaryPrimitives.ReadUInt64BigEndian(number),
            _ => throw new UnreachableException($"unknown: {size}"),
        };
        return value <= long.MaxValue ? (long)value : throw Damaged();
    }

    /// <summary>Demands that a range is inside the file.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public void Require(long at, long length)
    {
        if (at < 0 || length < 0 || at > _bytes.Length - length)
        {
            throw new DataException($"{_name}: cannot be decoded completely; it is truncated");
        }
    }

    /// <summary>Creates the error for a file that contradicts itself.</summary>
    public DataException Damaged() => Damaged(_name);

    /// <summary>Creates the error for a damaged file.</summary>
    /// <param name="name">The name to use in the error.</param>
    public static DataException Damaged(string name) => new($"{name}: cannot be decoded completely; it is damaged");

    /// <summary>Creates the error for a file that is valid but not supported.</summary>
    /// <param name="what">What it is, such as "with 16 bits per channel".</param>
    /// <param name="fix">What to do, such as "convert it to 8-bit RGB".</param>
    public DataException NotSupported(string what, string fix) =>
        new($"{_name}: a TIFF {what} is not supported; {fix}");

    /// <summary>Creates an error with a message of its own.</summary>
    public DataException Because(string message) => new($"{_name}: {message}");
}
