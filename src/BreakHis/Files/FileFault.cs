using System.Text;
using BreakHis.Wording;

namespace BreakHis.Files;

/// <summary>Says why a file cannot be read, without repeating its path.</summary>
internal static class FileFault
{
    /// <summary>Returns whether a name was read with characters that stand for invalid UTF-8.</summary>
    public static bool IsUnreadableName(string path) => path.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>Returns the reason as a clause, such as "file not found".</summary>
    /// <param name="e">What reading the file threw.</param>
    public static string Reason(string path, Exception e) =>
        Directory.Exists(path)
            ? "this is a folder"
            : e switch
            {
                FileNotFoundException or DirectoryNotFoundException when IsUnreadableName(path) =>
                    "its name is not UTF-8; rename it",
                FileNotFoundException => "file not found",
                DirectoryNotFoundException => "folder not found",
                DecoderFallbackException => "not UTF-8 text",
                UnauthorizedAccessException => "access is denied",
                _ when !FileKind.IsRegular(path) => FileKind.NotRegular,
                _ => $"cannot be read: {OneLine.Of(e.Message)}",
            };
}
