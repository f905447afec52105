using System.IO.Compression;
using System.Text;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// Checks the headers of a tar archive before <see cref="System.Formats.Tar.TarReader"/> reads it, which keeps the whole
/// of an entry with a long name or attributes in memory. Format: POSIX.1, pax, "ustar Interchange Format".
/// </summary>
internal static class TarHeaders
{
    private const int Block = 512;
    private const int LongestMetadata = 1 << 14;

    private static ReadOnlySpan<byte> Size => " size="u8;

    private static ReadOnlySpan<byte> Sparse => " GNU.sparse"u8;

    /// <summary>Checks all headers of a gzip-compressed archive.</summary>
    /// <param name="mostBytes">How many bytes the archive may have when it is not compressed.</param>
    /// <exception cref="InvalidDataException">
    /// It is longer, or has an entry that no package needs, or with a length that readers may understand differently.
    /// </exception>
    public static void Check(string path, long mostBytes)
    {
        using FileStream file = File.OpenRead(path);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        byte[] header = new byte[Block];
        byte[] content = new byte[64 * Block];
        byte[] attributes = [];
        for (long read = Block; unzipped.ReadAtLeast(header, Block, throwOnEndOfStream: false) == Block; read += Block)
        {
            if (read == Block && header.AsSpan().ContainsAnyExcept((byte)0) && !IsHeader(header))
            {
                throw new InvalidDataException("it is compressed, but no tar archive; unpack it first");
            }

            long length = LengthIn(header.AsSpan(124, 12));
            char kind = (char)header[156];
            CheckKind(kind, length);
            CheckAttributes(attributes, length);
            read += (length + Block - 1) / Block * Block;
            if (read > mostBytes)
            {
                throw new InvalidDataException($"it contains more than {mostBytes >> 30} GiB");
            }

            for (long left = (length + Block - 1) / Block * Block; left > 0; left -= content.Length)
            {
                unzipped.ReadExactly(content.AsSpan(0, (int)Math.Min(left, content.Length)));
            }

            attributes = kind is 'x' or 'g' ? content[..(int)length] : [];
            if (kind == 'g')
            {
                CheckAttributes(attributes, length: null);
            }
        }
    }

    /// <summary>Whether the sum of a header's bytes is the recorded one, for which its own bytes count as blanks.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> header)
    {
        long sum = 8 * ' ';
        for (int i = 0; i < Block; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : header[i];
        }

        return LengthIn(header.Slice(148, 8)) == sum;
    }

    private static void CheckKind(char kind, long length)
    {
        bool isMetadata = kind is 'x' or 'g' or 'L' or 'K';
        if (length < 0 || (isMetadata && length > LongestMetadata))
        {
            throw new InvalidDataException("it has an entry, a name or attributes that are too long");
        }

        // Files, links, devices and folders, of which only files have content.
        if (!isMetadata && kind is not ('\0' or '0' or '7') && (kind is < '1' or > '6' || length > 0))
        {
            throw new InvalidDataException("it has an entry that is neither a file, a link nor a folder");
        }
    }

    /// <summary>
    /// The attributes of an entry may repeat its length, as npm does for long names. Another length would hide entries
    /// from one reader that another one sees.
    /// </summary>
    /// <param name="length">The length in the entry's header; null if the attributes are those of all entries.</param>
    private static void CheckAttributes(ReadOnlySpan<byte> attributes, long? length)
    {
        bool differs = attributes.IndexOf(Sparse) >= 0;
        for (
            ReadOnlySpan<byte> rest = attributes;
            !differs && rest.IndexOf(Size) is >= 0 and int at;
            rest = rest[(at + Size.Length)..]
        )
        {
            differs =
                length is not long expected
                || !rest[(at + Size.Length)..].StartsWith(Encoding.ASCII.GetBytes(Digits.Of(expected) + "\n"));
        }

        if (differs)
        {
            throw new InvalidDataException("it has an entry with two different lengths");
        }
    }

    /// <summary>The number in octal digits, with blanks around it, or -1 if it is in another form.</summary>
    private static long LengthIn(ReadOnlySpan<byte> field)
    {
        long length = 0;
        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return -1;
            }

            length = length * 8 + (digit - '0');
        }

        return length;
    }
}
