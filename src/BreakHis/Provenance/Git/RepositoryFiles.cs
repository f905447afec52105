using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>
/// The files that git reads of a repository (git-scm.com/docs/gitrepository-layout). In one that comes from somebody
/// else, libgit2 and git would wait for a pipe without an end, or read a file of any length into memory.
/// </summary>
internal static class RepositoryFiles
{
    private const long LongestReference = 1 << 16;
    private const long LongestList = 1 << 30;
    private const string GitName = ".git";

    // What other programs keep there, possibly with many files, and git does not read.
    private static readonly string[] NotOfGit = ["annex", "lfs"];

    private static readonly string[] InWorkingTree = [".gitattributes", ".gitignore", ".gitmodules"];

    private static readonly EnumerationOptions Everywhere = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
    };

    /// <summary>Checks the files of the repository that a folder is in, if it is in one.</summary>
    /// <exception cref="IOException">One is a pipe, a socket or a device, or too long.</exception>
    public static void Check(string folder)
    {
        if (GitRepositories.WorkingTree(folder) is not string root)
        {
            return;
        }

        string git = Path.Combine(root, GitName);
        if (!Directory.Exists(git))
        {
            Check(git, LongestReference);
            git = Target(git, "gitdir: ", root) ?? git;
        }

        CheckDirectory(git);
        if (Target(Path.Combine(git, "commondir"), "", git) is string shared && !IsBelow(git, shared))
        {
            CheckDirectory(shared);
        }
    }

    /// <summary>Checks the files in a working tree that tell git what to do with others.</summary>
    /// <param name="root">The folder of the working tree.</param>
    /// <exception cref="IOException">One is a pipe, a socket or a device, or too long.</exception>
    public static void CheckWorkingTree(string root)
    {
        foreach (string name in InWorkingTree)
        {
            foreach (string file in Directory.EnumerateFiles(root, name, Everywhere))
            {
                Check(file, LongestList);
            }
        }
    }

    /// <summary>Returns the first line of a small file, or null.</summary>
    public static string? FirstLine(string file)
    {
        if (!RegularFile.IsAtMost(file, LongestReference))
        {
            return null;
        }

        using var reader = new StreamReader(RegularFile.Open(file));
        return reader.ReadLine();
    }

    private static void CheckDirectory(string git)
    {
        if (!Directory.Exists(git))
        {
            return;
        }

        foreach (string file in FolderTree.Of(git).Files)
        {
            string name = Path.GetRelativePath(git, file);
            if (!NotOfGit.Contains(name.Split(Path.DirectorySeparatorChar)[0], StringComparer.Ordinal))
            {
                Check(file, Longest(name));
            }
        }
    }

    /// <summary>Only packs of objects, which are read in parts, can be of any length.</summary>
    private static long Longest(string name) =>
        name.StartsWith("objects", StringComparison.Ordinal) || name.StartsWith("modules", StringComparison.Ordinal)
            ? long.MaxValue
        : name.StartsWith("refs", StringComparison.Ordinal) || name is "HEAD" or "commondir" or "gitdir"
            ? LongestReference
        : LongestList;

    private static void Check(string file, long longest)
    {
        FileKind.RequireRegular(file);
        if (RegularFile.Exists(file) && new FileInfo(file).Length is var length && length > longest)
        {
            throw new IOException($"{file}: {Plural.Bytes(length)}; expected at most {Plural.Bytes(longest)}");
        }
    }

    /// <summary>Returns the folder that a file names, or null.</summary>
    private static string? Target(string file, string prefix, string from) =>
        FirstLine(file) is { } line && line.StartsWith(prefix, StringComparison.Ordinal) && line.Length > prefix.Length
            ? Path.GetFullPath(line[prefix.Length..], Path.GetFullPath(from))
            : null;

    private static bool IsBelow(string folder, string path) =>
        (path + Path.DirectorySeparatorChar).StartsWith(
            Path.GetFullPath(folder) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );
}
