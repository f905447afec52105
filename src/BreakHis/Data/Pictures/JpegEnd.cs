namespace BreakHis.Data.Pictures;

/// <summary>
/// Finds the end of a JPEG file. The decoder reports a truncated baseline image, but not a truncated progressive one,
/// whose pixels it has from the first, coarse scan.
/// </summary>
internal static class JpegEnd
{
    private const byte Marker = 0xFF;
    private const byte Stuffed = 0x00;
    private const byte Temporary = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;

    /// <summary>
    /// Returns whether the end-of-image marker follows the segments and scans (ITU-T T.81, annex B). Thumbnails in
    /// segments are passed over.
    /// </summary>
    public static bool IsThere(ReadOnlySpan<byte> jpeg)
    {
        int next;
        for (int at = 2; at < jpeg.Length && (next = jpeg[at..].IndexOf(Marker)) >= 0; )
        {
            at += next;
            byte kind = at + 1 < jpeg.Length ? jpeg[at + 1] : Marker;
            if (kind == Marker)
            {
                at++;
            }
            else if (kind is Stuffed or Temporary or (>= FirstRestart and <= StartOfImage))
            {
                at += 2;
            }
            else if (kind == EndOfImage)
            {
                return true;
            }
            else
            {
                at += 2 + (at + 3 < jpeg.Length ? (jpeg[at + 2] << 8) + jpeg[at + 3] : jpeg.Length);
            }
        }

        return false;
    }
}
