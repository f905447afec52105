using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>A path that may differ between commit and working tree.</summary>
/// <param name="Path">The path in the repository, with forward slashes; one at its end means that it is another
/// repository.</param>
/// <param name="Mode">The mode in the working tree.</param>
/// <param name="IsTracked">Whether it is in the commit or in the index.</param>
/// <param name="Before">Its state in the commit.</param>
/// <param name="After">Returns its state in the working tree, as git add would store it.</param>
internal sealed record TreeChange(string Path, Mode Mode, bool IsTracked, FileState Before, Func<FileState> After)
{
    /// <summary>Whether it is a file in the working tree, rather than a link or a submodule.</summary>
    public bool IsFile => FileModes.IsFile(Mode);

    /// <summary>Whether it is another repository, which is neither tracked nor a submodule.</summary>
    public bool IsRepository => Path.EndsWith('/');
}

/// <summary>A working tree, as the library or the git program reads it.</summary>
/// <param name="Folder">The absolute path of the tree.</param>
/// <param name="Tracked">The paths in the index.</param>
/// <param name="Gaps">Differences that no patch contains, such as those inside submodules.</param>
/// <param name="Differences">Compares texts.</param>
internal sealed record WorkingTree(
    string Folder,
    IReadOnlyList<TreeChange> Changes,
    IReadOnlyCollection<string> Tracked,
    IReadOnlyList<Omission> Gaps,
    TextDifferences Differences
)
{
    /// <summary>Whether the tree differs from its commit.</summary>
    public bool IsChanged => Changes.Count + Gaps.Count > 0;

    /// <summary>Returns the absolute path of a file.</summary>
    public string FileOf(string path) => System.IO.Path.Combine(Folder, path);
}
