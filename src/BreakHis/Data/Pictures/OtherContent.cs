using System.Text;

namespace BreakHis.Data.Pictures;

/// <summary>Says what a file contains that is not an image.</summary>
internal static class OtherContent
{
    private const int Begin = 200;

    /// <summary>Returns the predicate of a sentence about a file.</summary>
    public static string Of(ReadOnlySpan<byte> content)
    {
        string begin = Encoding.Latin1.GetString(content[..Math.Min(content.Length, Begin)]);
        // A byte order mark may come first.
        string text = begin.TrimStart([.. " \t\r\n\u00ef\u00bb\u00bf"]);
        return content.IsEmpty ? "is empty"
            : begin.StartsWith("version https://git-lfs.github.com/spec/", StringComparison.Ordinal)
                ? "is a Git LFS pointer; fetch the image with 'git lfs pull'"
            : text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
                ? "is an HTML page, not an image; download the image again"
            : "is not an image in a supported format (PNG, JPEG, BMP, WebP, TIFF)";
    }
}
