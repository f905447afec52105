namespace BreakHis.Files;

/// <summary>Why a path does not lead to a folder.</summary>
internal static class FolderPath
{
    /// <summary>The fault of a path to a file.</summary>
    public const string IsFile = "is a file; expected a folder";

    /// <summary>Returns why a path does not lead to a folder, or null.</summary>
    public static string? Fault(string path) =>
        File.Exists(path) ? IsFile
        : Directory.Exists(path) ? null
        : "folder not found";
}
