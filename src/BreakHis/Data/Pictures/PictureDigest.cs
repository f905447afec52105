using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using BreakHis.Specs;

namespace BreakHis.Data.Pictures;

/// <summary>A digest of an image, for finding duplicates and near-duplicates.</summary>
/// <param name="Pixels">SHA-256 over width, height and RGB values, lower-case hexadecimal: the same for the same image
/// in a different file.</param>
/// <param name="Look">A perceptual hash of 256 bits, as 64 hexadecimal digits: whether the grey level falls from each
/// cell of a 17 x 16 grid to the next (the difference hash of N. Krawetz, "Kind of Like That", 2013, at twice its
/// resolution).</param>
internal sealed record PictureDigest(int Width, int Height, string Pixels, string Look)
{
    /// <summary>
    /// The largest number of different bits, out of 256, at which two images are near-duplicates. Copies of real slide
    /// images at other sizes, or saved as JPEG, differed in at most 46 bits, images of different places in at least 78
    /// (docs/data.md).
    /// </summary>
    public const int MostDifferentBits = 48;

    private const int Grid = 16;

    /// <summary>Computes the digest of an image.</summary>
    public static PictureDigest Of(Picture picture) =>
        new(picture.Width, picture.Height, PixelsOf(picture), LookOf(picture));

    /// <summary>Returns the digest of a file that is not an image; it resembles no other digest.</summary>
    public static PictureDigest OfUnreadable(string sha256) => new(0, 0, "unreadable " + sha256, new string('0', 64));

    /// <summary>Returns the perceptual hash as four 64-bit words.</summary>
    public ulong[] Words() =>
        [
            .. Enumerable
                .Range(0, 4)
                .Select(i =>
                    ulong.Parse(Look.AsSpan(i * 16, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                ),
        ];

    /// <summary>Returns the number of different bits, out of 256, between two perceptual hashes.</summary>
    public static int Distance(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b) =>
        BitOperations.PopCount(a[0] ^ b[0])
        + BitOperations.PopCount(a[1] ^ b[1])
        + BitOperations.PopCount(a[2] ^ b[2])
        + BitOperations.PopCount(a[3] ^ b[3]);

    private static string PixelsOf(Picture picture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, picture.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], picture.Height);
        hash.AppendData(size);
        hash.AppendData(picture.Rgb);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string LookOf(Picture picture)
    {
        byte[] rgb = Resampling.Resize(picture, Grid + 1, Grid, ResizeFilter.Bilinear).Rgb;
        byte[] bits = new byte[Grid * Grid / 8];
        for (int i = 0; i < Grid * Grid; i++)
        {
            int cell = (i / Grid * (Grid + 1)) + (i % Grid);
            if (Grey(rgb, cell) > Grey(rgb, cell + 1))
            {
                bits[i / 8] |= (byte)(0x80 >> (i % 8));
            }
        }

        return Convert.ToHexStringLower(bits);
    }

    /// <summary>Returns the luma of ITU-R BT.601, times 1000.</summary>
    private static int Grey(byte[] rgb, int cell) =>
        (299 * rgb[cell * 3]) + (587 * rgb[(cell * 3) + 1]) + (114 * rgb[(cell * 3) + 2]);
}
