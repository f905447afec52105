using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using BreakHis.Files;

namespace BreakHis.Data.Pictures;

/// <summary>A digest of an image, for finding duplicates and near-duplicates.</summary>
/// <param name="Pixels">SHA-256 over width, height and RGB values, lower-case hexadecimal: the same for the same image
/// in a different file.</param>
/// <param name="Look">The image's <see cref="DifferenceHash"/>, as text.</param>
internal sealed record PictureDigest(int Width, int Height, string Pixels, string Look)
{
    /// <summary>Computes the digest of an image.</summary>
    public static PictureDigest Of(Picture picture) =>
        new(picture.Width, picture.Height, PixelsOf(picture), DifferenceHash.Of(picture).Text());

    /// <summary>Returns the digest of a file that is not an image; it resembles no other digest.</summary>
    public static PictureDigest OfUnreadable(string sha256) => new(0, 0, "unreadable " + sha256, "");

    /// <summary>Whether it could be the digest of an image.</summary>
    [JsonIgnore]
    public bool IsWellFormed =>
        this is { Width: > 0, Height: > 0, Pixels: string pixels, Look: string look }
        && HexName.Is(pixels, 2 * SHA256.HashSizeInBytes)
        && DifferenceHash.IsText(look);

    /// <summary>Whether this is the digest of a file that is not an image.</summary>
    public bool IsUnreadable => Width == 0;

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
}
