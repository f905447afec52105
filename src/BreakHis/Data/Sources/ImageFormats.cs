using BreakHis.Data.Pictures.Tiff;
using BreakHis.Files;

namespace BreakHis.Data.Sources;

/// <summary>Formats of images, by the extension of the file's name or by its first bytes.</summary>
internal static class ImageFormats
{
    /// <summary>The format that libvips decodes.</summary>
    public const string Tiff = "tiff";

    private const string RawPhoto = "raw photo";
    private const string Archive = "archive";
    private const string Nifti = "NIfTI";

    // DICOM has its mark after 128 bytes.
    private const int Begin = 132;

    private const int ShortestImage = 12;

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
        [".jpf"] = "JPEG 2000",
        [".jpc"] = "JPEG 2000",
        [".j2c"] = "JPEG 2000",
        [".jpm"] = "JPEG 2000",
        [".jls"] = "JPEG-LS",
        [".pam"] = "PNM",
        [".pfm"] = "PNM",
        [".nii"] = Nifti,
        [".mha"] = "MetaImage",
        [".mhd"] = "MetaImage",
        [".nrrd"] = "NRRD",
        [".fits"] = "FITS",
        [".zvi"] = "ZVI",
        [".oif"] = "OIF",
        [".ets"] = "ETS",
        [".stk"] = "STK",
        [".svslide"] = "SVSLIDE",
        [".exr"] = "EXR",
        [".hdr"] = "HDR",
        [".ico"] = "ICO",
        [".pcx"] = "PCX",
        [".sgi"] = "SGI",
        [".rgb"] = "SGI",
        [".ras"] = "RAS",
        [".dds"] = "DDS",
        [".svg"] = "SVG",
        [".cr2"] = RawPhoto,
        [".cr3"] = RawPhoto,
        [".nef"] = RawPhoto,
        [".arw"] = RawPhoto,
        [".dng"] = RawPhoto,
        [".im"] = "IM",
        [".zip"] = Archive,
        [".tar"] = Archive,
        [".tgz"] = Archive,
        [".tbz2"] = Archive,
        [".txz"] = Archive,
        [".7z"] = Archive,
        [".rar"] = Archive,
    };

    /// <summary>Extensions of one compressed file.</summary>
    private static readonly string[] Compressed = [".gz", ".bz2", ".xz", ".zst"];

    /// <summary>Returns the format that an extension stands for, in the words of image libraries, or null if files with
    /// it are not read.</summary>
    public static string? KindOf(string path) => Read.GetValueOrDefault(Path.GetExtension(path));

    /// <summary>Returns the name of the format of an image that is not read; null if its extension is none of these.</summary>
    public static string? OtherOf(string path)
    {
        string extension = Path.GetExtension(path);
        if (!Compressed.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            return Others.GetValueOrDefault(extension);
        }

        string inside = path[..^extension.Length];
        string? other = Others.GetValueOrDefault(Path.GetExtension(inside));
        return other == Nifti ? Nifti
            : other is not null || KindOf(inside) is not null ? Archive
            : null;
    }

    /// <summary>Returns whether a file is an archive of files or a compressed image, by its extension.</summary>
    public static bool IsArchive(string path) => OtherOf(path) == Archive;

    /// <summary>Returns whether a regular file begins like an image in a format that is read, or in another common one.
    /// </summary>
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
        begin = begin[..file.ReadAtLeast(begin, Begin, throwOnEndOfStream: false)];
        return begin.Length >= ShortestImage && (BeginsLikeRead(begin) || BeginsLikeOther(begin));
    }

    /// <summary>Returns whether these bytes begin a PNG, JPEG, TIFF, BMP or WebP image.</summary>
    private static bool BeginsLikeRead(ReadOnlySpan<byte> begin) =>
        begin switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => true,
            [0xff, 0xd8, 0xff, ..] => true,
            // Two reserved fields of a bitmap are zero.
            [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => true,
            _ => (begin.StartsWith("RIFF"u8) && begin[8..].StartsWith("WEBP"u8))
                || TiffBytes.IsTiff(begin[..ShortestImage]),
        };

    /// <summary>Returns whether these bytes begin a GIF, HEIC, AVIF, JPEG 2000, JPEG XL, PSD or DICOM image.</summary>
    private static bool BeginsLikeOther(ReadOnlySpan<byte> begin)
    {
        if (begin[4..].StartsWith("ftyp"u8))
        {
            // Films begin like this too, with other names.
            ReadOnlySpan<byte> brand = begin.Slice(8, 4);
            return brand.StartsWith("hei"u8)
                || brand.StartsWith("hev"u8)
                || brand.StartsWith("avi"u8)
                || brand.SequenceEqual("mif1"u8)
                || brand.SequenceEqual("msf1"u8);
        }

        return begin.StartsWith("GIF8"u8)
            || begin.StartsWith("\0\0\0\fjP  "u8)
            || begin.StartsWith("\0\0\0\fJXL "u8)
            || begin.StartsWith((ReadOnlySpan<byte>)[0xff, 0x4f, 0xff, 0x51])
            || begin.StartsWith("8BPS"u8)
            || (begin.Length == Begin && begin[(Begin - 4)..].SequenceEqual("DICM"u8));
    }
}
