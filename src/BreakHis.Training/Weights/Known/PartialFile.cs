using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>
/// An unfinished download. It is in a subfolder of the target folder, so it is never mistaken for weights, and a rename
/// moves it into place.
/// </summary>
/// <param name="Folder">The target folder of the file.</param>
internal sealed record PartialFile(string Folder, string Name)
{
    /// <summary>The bytes received so far.</summary>
    public string File => Path.Combine(FolderIn(Folder), Name + ".part");

    /// <summary>The lock file of a downloading process.</summary>
    public string Lock => Path.Combine(FolderIn(Folder), Name + ".lock");

    /// <summary>
    /// The number of bytes that the next request can skip. Zero if the server sent no version, because then its file
    /// may have changed.
    /// </summary>
    public long Usable => Length == 0 || Version is null ? 0 : Length;

    /// <summary>The number of bytes received so far, reusable or not.</summary>
    public long Length =>
        RegularFile.Exists(File) && new FileInfo(File).LinkTarget is null ? new FileInfo(File).Length : 0;

    /// <summary>The version of the file on the server: a strong ETag or a date, as <c>If-Range</c> needs it.</summary>
    public string? Version =>
        System.IO.File.Exists(VersionFile) && new FileInfo(VersionFile).LinkTarget is null
            ? RegularFile.Text(VersionFile)
            : null;

    private string VersionFile => VersionOf(File);

    /// <summary>The subfolder with the unfinished files of a folder.</summary>
    public static string FolderIn(string folder) => Path.Combine(folder, ".part");

    /// <summary>The file with the version of a partial file.</summary>
    public static string VersionOf(string file) => file + ".version";

    /// <summary>Discards received bytes and starts again.</summary>
    /// <param name="version">The version of the file on the server, or null.</param>
    public void Begin(string? version)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Delete();
        System.IO.File.WriteAllBytes(File, []);
        if (version is not null)
        {
            System.IO.File.WriteAllText(VersionFile, version);
        }
    }

    /// <summary>Deletes all received bytes.</summary>
    public void Delete()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.Delete(VersionFile);
        System.IO.File.Delete(File);
    }
}
