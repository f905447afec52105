using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// Opens zip archives whose directory is not too long, and reads intact entries. The library reads the whole directory, and takes hundreds of
/// bytes of memory for each entry. Format: PKWARE's APPNOTE.TXT, 4.3.14 to 4.3.16.
/// </summary>
internal static class BoundedZip
{
    /// <summary>Limit in bytes. Each entry has at least 46; the file of an Inception V3 has 600 entries.</summary>
    private const int LongestDirectory = 1 << 24;

    private const int EndLength = 22;
    private const int LocatorLength = 20;
    private const int LongEndLength = 56;
    private const int LongestComment = ushort.MaxValue;

    private static ReadOnlySpan<byte> End => "PK\u0005\u0006"u8;

    private static ReadOnlySpan<byte> Locator => "PK\u0006\u0007"u8;

    /// <summary>Opens an archive.</summary>
    /// <param name="file">The file; the archive closes it.</param>
    /// <exception cref="FormatException">The directory is too long.</exception>
    /// <exception cref="InvalidDataException">The file is no archive.</exception>
    public static ZipArchive Open(FileStream file)
    {
        try
        {
            if (LengthOfDirectory(file) > LongestDirectory)
            {
                throw new FormatException($"the directory of the archive has more than {LongestDirectory >> 20} MiB");
            }

            file.Position = 0;
            return new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads an uncompressed entry and compares its checksum.</summary>
    /// <param name="target">Receives the bytes: as many as the entry has.</param>
    /// <exception cref="FormatException">The entry is damaged.</exception>
    public static void Read(ZipArchiveEntry entry, Span<byte> target)
    {
        using (Stream stream = entry.Open())
        {
            stream.ReadExactly(target);
        }

        if (Crc32.HashToUInt32(target) != entry.Crc32)
        {
            throw new FormatException(
                $"the checksum of {entry.FullName} does not match its bytes, so the file is damaged (copy or download it again) or was saved without checksums (save it with them)"
            );
        }
    }

    /// <summary>The bytes from the first entry of the directory to the end record; 0 if there is no such record.</summary>
    private static long LengthOfDirectory(FileStream file)
    {
        byte[] tail = At(file, Math.Max(0, file.Length - LongestComment - EndLength), LongestComment + EndLength);
        int end = tail.AsSpan(0, Math.Max(0, tail.Length - EndLength + End.Length)).LastIndexOf(End);
        if (end < 0)
        {
            return 0;
        }

        long at = file.Length - tail.Length + end;
        uint first = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(end + 16));
        // Which of the two the library reads depends on several fields, so the longer one counts.
        return at - Math.Min(first == uint.MaxValue ? at : first, LongFirst(file, at) ?? at);
    }

    /// <summary>Where the directory begins according to the record for large archives; null if there is none.</summary>
    private static long? LongFirst(FileStream file, long end)
    {
        byte[] locator = At(file, end - LocatorLength, LocatorLength);
        byte[] record = locator.AsSpan().StartsWith(Locator)
            ? At(file, BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8)), LongEndLength)
            : [];
        return record.Length == LongEndLength ? BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(48)) : null;
    }

    /// <summary>Returns some bytes of a file, fewer at its end, and none outside of it.</summary>
    private static byte[] At(FileStream file, long position, int count)
    {
        if (position < 0 || position > file.Length)
        {
            return [];
        }

        byte[] bytes = new byte[Math.Min(count, file.Length - position)];
        file.Position = position;
        file.ReadExactly(bytes);
        return bytes;
    }
}
