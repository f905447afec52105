using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>A path in a commit or in a working tree.</summary>
/// <param name="Id">The hash of its content in the repository's format, or the commit of a submodule; empty if it is
/// missing.</param>
/// <param name="Size">The size of the content in bytes.</param>
/// <param name="Read">Returns the content, or the target of a link; null for submodules and missing files.</param>
internal sealed record FileState(Mode Mode, string Id, long Size, Func<byte[]>? Read)
{
    /// <summary>A missing file.</summary>
    public static FileState None { get; } = new(Mode.Nonexistent, "", 0, null);

    /// <summary>Whether there is something at the path.</summary>
    public bool Exists => Mode != Mode.Nonexistent;

    /// <summary>Whether it is a file, rather than a link or a submodule.</summary>
    public bool IsFile => FileModes.IsFile(Mode);

    /// <summary>The mode as in patches. Git no longer supports group-writable files.</summary>
    public string Octal =>
        Convert.ToString((int)(Mode == Mode.NonExecutableGroupWritableFile ? Mode.NonExecutableFile : Mode), 8);

    /// <summary>Returns the content; empty if there is none.</summary>
    public byte[] Content() => Read?.Invoke() ?? [];
}
