using System.Text;

namespace BreakHis.Data;

/// <summary>Puts files in place whole: by way of another file beside them, which is renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes a text in UTF-8, in place of what was there.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="text">The text.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes, in place of what was there.</summary>
    /// <param name="path">The file; its folder is made.</param>
    /// <param name="content">The bytes.</param>
    public static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllBytes(unfinished, content);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }
}
