using System.Collections.Frozen;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>Numbers of TIFF tags, and values of them.</summary>
internal static class TiffTags
{
    public const int NewSubfileType = 254;
    public const int OldSubfileType = 255;
    public const int Width = 256;
    public const int Height = 257;
    public const int BitsPerSample = 258;
    public const int Compression = 259;
    public const int Photometric = 262;
    public const int FillOrder = 266;
    public const int StripOffsets = 273;
    public const int Orientation = 274;
    public const int SamplesPerPixel = 277;
    public const int RowsPerStrip = 278;
    public const int StripByteCounts = 279;
    public const int PlanarConfiguration = 284;
    public const int Predictor = 317;
    public const int ColorMap = 320;
    public const int TileWidth = 322;
    public const int TileHeight = 323;
    public const int TileOffsets = 324;
    public const int TileByteCounts = 325;
    public const int ExtraSamples = 338;
    public const int SampleFormat = 339;

    /// <summary>The tags whose values decide which pixels are read; all of them are unsigned integers.</summary>
    public static readonly FrozenSet<int> Read =
    [
        Width,
        Height,
        BitsPerSample,
        Compression,
        Photometric,
        FillOrder,
        StripOffsets,
        Orientation,
        SamplesPerPixel,
        RowsPerStrip,
        StripByteCounts,
        PlanarConfiguration,
        Predictor,
        ColorMap,
        TileWidth,
        TileHeight,
        TileOffsets,
        TileByteCounts,
        ExtraSamples,
        SampleFormat,
    ];

    public const int WhiteIsZero = 0;
    public const int BlackIsZero = 1;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int YCbCr = 6;

    public const int Jpeg = 7;
    public const int Deflate = 8;
    public const int OldDeflate = 32946;
    public const int PlanarSeparate = 2;
    public const int Unspecified = 0;
    public const int AssociatedAlpha = 1;
    public const int UnassociatedAlpha = 2;
}
