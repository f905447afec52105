namespace BreakHis.Training.Weights.Known;

/// <summary>
/// What there is of a file whose download has not ended, in a folder below the one it is for: so that it is never taken
/// for weights, and put in place by renaming.
/// </summary>
/// <param name="Folder">The folder that the file is for.</param>
internal sealed record PartialFile(string Folder, string Name)
{
    /// <summary>The bytes so far.</summary>
    public string File => Path.Combine(Folder, ".part", Name + ".part");

    /// <summary>The file that a process holds locked while it downloads.</summary>
    public string Lock => Path.Combine(Folder, ".part", Name + ".lock");

    /// <summary>
    /// The bytes that the next request need not ask for; none where the server told nothing by which it would know that
    /// its file is still the same.
    /// </summary>
    public long Usable => Version is null ? 0 : Length;

    /// <summary>The bytes so far, usable or not.</summary>
    public long Length => System.IO.File.Exists(File) ? new FileInfo(File).Length : 0;

    /// <summary>What the server told of its file's version: a strong ETag or a date, as <c>If-Range</c> takes them.</summary>
    public string? Version => System.IO.File.Exists(VersionFile) ? System.IO.File.ReadAllText(VersionFile) : null;

    private string VersionFile => File + ".version";

    /// <summary>Forgets what there is, and begins anew.</summary>
    /// <param name="version">What the server tells of its file's version, or null.</param>
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

    /// <summary>Forgets what there is.</summary>
    public void Delete()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.Delete(VersionFile);
        System.IO.File.Delete(File);
    }
}
