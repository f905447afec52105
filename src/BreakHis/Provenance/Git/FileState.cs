using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>A path in a commit or in a working tree.</summary>
/// <param name="Id">The hash of its content, or the commit of a submodule.</param>
/// <param name="Blob">Its content, or the target of a link; null for submodules and missing files.</param>
internal sealed record FileState(Mode Mode, ObjectId Id, Blob? Blob)
{
    /// <summary>A missing file.</summary>
    public static FileState None { get; } = new(Mode.Nonexistent, ObjectId.Zero, null);

    /// <summary>Whether there is something at the path.</summary>
    public bool Exists => Mode != Mode.Nonexistent;

    /// <summary>The size of the content in bytes.</summary>
    public long Size => Blob?.Size ?? 0;

    /// <summary>The mode as in patches. Git no longer supports group-writable files.</summary>
    public string Octal =>
        Convert.ToString((int)(Mode == Mode.NonExecutableGroupWritableFile ? Mode.NonExecutableFile : Mode), 8);

    /// <summary>Returns the content; empty if there is none.</summary>
    public byte[] Content()
    {
        if (Blob is null)
        {
            return [];
        }

        using Stream content = Blob.GetContentStream();
        byte[] bytes = new byte[Blob.Size];
        content.ReadExactly(bytes);
        return bytes;
    }
}
