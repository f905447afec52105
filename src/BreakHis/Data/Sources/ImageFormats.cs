using BreakHis.Data.Pictures.Tiff;
using BreakHis.Files;

namespace BreakHis.Data.Sources;

/// <summary>Formats of images, by the extension of the file's name or by its first bytes.</summary>
internal static class ImageFormats
{
    /// <summary>The format that libvips decodes.</summary>
    public const string Tiff = "tiff";

    private const int Begin = 12;

    private static readonly Dictionary<string, string> Read = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "png",
        [".jpg"] = "jpeg",
        [".jpeg"] = "jpeg",
        [".jpe"] = "jpeg",
        [".jfif"] = "jpeg",
        [".pjpeg"] = "jpeg",
        [".pjp"] = "jpeg",
        [".bmp"] = "bmp",
        [".dib"] = "bmp",
        [".webp"] = "webp",
        [".tif"] = Tiff,
        [".tiff"] = Tiff,
        [".btf"] = Tiff,
    };

    private static readonly Dictionary<string, string> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        [".qptiff"] = "QPTIFF",
        [".gif"] = "GIF",
        [".heic"] = "HEIC",
        [".heif"] = "HEIC",
        [".avif"] = "AVIF",
        [".jp2"] = "JPEG 2000",
        [".j2k"] = "JPEG 2000",
        [".jpx"] = "JPEG 2000",
        [".jxl"] = "JPEG XL",
        [".jxr"] = "JPEG XR",
        [".ppm"] = "PNM",
        [".pgm"] = "PNM",
        [".pbm"] = "PNM",
        [".pnm"] = "PNM",
        [".tga"] = "TGA",
        [".psd"] = "PSD",
        [".dcm"] = "DICOM",
        [".dicom"] = "DICOM",
        [".svs"] = "SVS",
        [".ndpi"] = "NDPI",
        [".mrxs"] = "MRXS",
        [".scn"] = "SCN",
        [".czi"] = "CZI",
        [".vsi"] = "VSI",
        [".lif"] = "LIF",
        [".lsm"] = "LSM",
        [".nd2"] = "ND2",
        [".oib"] = "OIB",
        [".bif"] = "BIF",
        [".vms"] = "VMS",
    };

    /// <summary>Returns the format that an extension stands for, in the words of image libraries, or null if files with
    /// it are not read.</summary>
    public static string? KindOf(string path) => Read.GetValueOrDefault(Path.GetExtension(path));

    /// <summary>Returns the name of the format of an image that is not read; null if its extension is none of these.</summary>
    public static string? OtherOf(string path) => Others.GetValueOrDefault(Path.GetExtension(path));

    /// <summary>Returns whether a regular file begins like a PNG, JPEG, GIF, TIFF, BMP or WebP image.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static bool BeginsLikeAnImage(string path)
    {
        if (!FileKind.IsRegular(path))
        {
            return false;
        }

        Span<byte> begin = stackalloc byte[Begin];
        using FileStream file = File.OpenRead(path);
        int length = file.ReadAtLeast(begin, Begin, throwOnEndOfStream: false);
        return length == Begin
            && begin switch
            {
                [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => true,
                [0xff, 0xd8, 0xff, ..] => true,
                [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => true,
                // Two reserved fields of a bitmap are zero.
                [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => true,
                [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P'] =>
                    true,
                _ => TiffBytes.IsTiff(begin),
            };
    }
}
