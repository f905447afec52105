using System.Buffers.Binary;
using System.IO.Compression;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>
/// A strip or tile with deflate compression, in zlib's format (RFC 1950). libvips reads some parts whose checksum is
/// missing or wrong.
/// </summary>
internal static class ZlibPart
{
    private const uint Modulus = 65521;

    // So many bytes are summed without an overflow, before the remainder is taken.
    private const int MostSummed = 5552;

    /// <summary>Returns whether the part decompresses and has the checksum of its content.</summary>
    public static bool IsWhole(byte[] file, long at, long length)
    {
        using var zlib = new ZLibStream(new MemoryStream(file, (int)at, (int)length), CompressionMode.Decompress);
        byte[] buffer = new byte[MostSummed];
        (uint low, uint high) = (1, 0);
        try
        {
            for (int count; (count = zlib.Read(buffer)) > 0; )
            {
                foreach (byte value in buffer.AsSpan(0, count))
                {
                    low += value;
                    high += low;
                }

                (low, high) = (low % Modulus, high % Modulus);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return false;
        }

        // The stream compares the checksum if there is one, and accepts that there is none.
        Span<byte> checksum = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, (high << 16) | low);
        return file.AsSpan((int)at, (int)length).LastIndexOf(checksum) >= 0;
    }
}
