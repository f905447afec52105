using System.Collections.Concurrent;
using System.IO.Enumeration;
using BreakHis.Files;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>
/// The files that git reads of a repository (git-scm.com/docs/gitrepository-layout). In one that comes from somebody
/// else, libgit2 and git would wait for a pipe without an end, or read a file of any length into memory.
/// </summary>
internal static class RepositoryFiles
{
    /// <summary>Limit in bytes of lists such as packed-refs and the index.</summary>
    public const long LongestList = 1 << 30;

    private const long LongestName = 1 << 16;
    private const long LongestSettings = 1 << 24;
    private const int MostStores = 64;
    private const string GitName = ".git";
    private const string Link = "gitdir:";

    // What other programs keep there, possibly with many files, and git does not read.
    private static readonly string[] NotOfGit = ["annex", "lfs"];

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
        RecurseSubdirectories = true,
    };

    /// <summary>The folders whose repository was checked. A large one has many files, and git is called often.</summary>
    private static readonly ConcurrentDictionary<string, bool> Checked = new(StringComparer.Ordinal);

    /// <summary>As <see cref="Check"/>, but once for each folder in the life of the process.</summary>
    public static void CheckOnce(string folder)
    {
        if (!Checked.ContainsKey(folder))
        {
            Check(folder);
            Checked.TryAdd(folder, true);
        }
    }

    /// <summary>Checks the files of the repository that a folder is in, if it is in one.</summary>
    /// <exception cref="IOException">One is a pipe or a device, or too long.</exception>
    public static void Check(string folder)
    {
        // Both readers pass over a .git that is no repository, and look at the folders around it.
        for (string? place = Path.GetFullPath(folder); place is not null; place = Path.GetDirectoryName(place))
        {
            if (IsChecked(Path.Combine(place, GitName)) || (IsRepository(place) && IsChecked(place)))
            {
                return;
            }
        }
    }

    /// <summary>Checks the files in a working tree from which git learns what to do with others.</summary>
    /// <param name="root">The folder of the working tree.</param>
    /// <exception cref="IOException">One is a pipe or a device, or too long.</exception>
    public static void CheckWorkingTree(string root)
    {
        var files = new FileSystemEnumerable<string>(
            root,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            Everything
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.IsDirectory && entry.FileName is ".gitattributes" or ".gitignore" or ".gitmodules",
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) && !entry.FileName.SequenceEqual(GitName),
        };
        foreach (string file in files)
        {
            Require(file, LongestSettings);
        }
    }

    /// <summary>Returns the first line of a small file, or null.</summary>
    public static string? FirstLine(string file)
    {
        if (!RegularFile.IsAtMost(file, LongestName))
        {
            return null;
        }

        using var reader = new StreamReader(RegularFile.Open(file));
        return reader.ReadLine() is { } line ? WithoutZero(line, file) : null;
    }

    private static string WithoutZero(string line, string file) =>
        line.Contains('\0') ? throw new IOException($"{file}: contains a zero byte") : line;

    /// <summary>Returns the folder that a file <c>.git</c> names, or null.</summary>
    public static string? Linked(string file) =>
        FirstLine(file) is { } line && line.StartsWith(Link, StringComparison.Ordinal)
            ? Path.GetFullPath(line[Link.Length..].Trim(), Path.GetDirectoryName(file)!)
            : null;

    private static bool IsRepository(string folder) =>
        Path.Exists(Path.Combine(folder, "HEAD"))
        && Directory.Exists(Path.Combine(folder, "objects"))
        && Directory.Exists(Path.Combine(folder, "refs"));

    /// <summary>Checks a repository, or a file that names one, and returns whether there is one.</summary>
    private static bool IsChecked(string git)
    {
        if (!Directory.Exists(git))
        {
            Require(git, LongestName);
            return Linked(git) is string linked && Directory.Exists(linked) && IsChecked(linked);
        }

        // Any folder could be named, and would be walked.
        var head = new FileInfo(Path.Combine(git, "HEAD"));
        if (!Path.Exists(head.FullName) && head.LinkTarget is null)
        {
            return false;
        }

        CheckDirectory(git);
        if (
            FirstLine(Path.Combine(git, "commondir")) is { Length: > 0 } line
            && Path.GetFullPath(line, Path.GetFullPath(git)) is var common
            && Directory.Exists(Path.Combine(common, "objects"))
            && Directory.Exists(Path.Combine(common, "refs"))
        )
        {
            CheckDirectory(common);
        }

        return true;
    }

    private static void CheckDirectory(string git)
    {
        CheckAll(git, git, NotOfGit);
        List<string> stores = [Path.Combine(git, "objects")];
        for (int i = 0; i < stores.Count; i++)
        {
            foreach (
                string other in AlternatesOf(stores[i]).Where(other => !stores.Contains(other, StringComparer.Ordinal))
            )
            {
                stores.Add(
                    stores.Count < MostStores
                        ? other
                        : throw new IOException($"{git}: its objects are in more than {MostStores} folders")
                );
                foreach (string part in PartsOf(other))
                {
                    CheckAll(part, other, []);
                }
            }
        }
    }

    private static IEnumerable<string> AlternatesOf(string store) =>
        Path.Combine(store, "info", "alternates") is var file && RegularFile.IsAtMost(file, LongestName)
            ? File.ReadLines(file)
                .Where(line => line.Length > 0 && line[0] != '#')
                .Select(line =>
                    line[0] == '"'
                        ? throw new IOException($"{file}: a name in quotes, which libgit2 does not read")
                        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(WithoutZero(line, file), store))
                )
            : [];

    /// <summary>The folders that git looks at in a folder of objects, which may be any folder.</summary>
    private static IEnumerable<string> PartsOf(string store) =>
        Directory.Exists(store) ? Directory.EnumerateDirectories(store).Where(IsPart) : [];

    private static bool IsPart(string folder) =>
        Path.GetFileName(folder) is var name
        && (name is "pack" or "info" || (name.Length == 2 && name.All(char.IsAsciiHexDigit)));

    /// <param name="folder">The folder to walk.</param>
    /// <param name="root">The folder to which the names of its files are relative.</param>
    /// <param name="except">Folders in <paramref name="root"/> whose files do not count.</param>
    private static void CheckAll(string folder, string root, string[] except)
    {
        var tree = FolderTree.Of(folder);
        if (tree.TooDeep is [string deep, ..])
        {
            throw new IOException($"{deep}: more than {FolderTree.Deepest} folders deep");
        }

        foreach (string file in tree.Files)
        {
            string[] names = Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar);
            if (!except.Contains(names[0], StringComparer.Ordinal))
            {
                Require(file, Longest(names));
            }
        }
    }

    /// <summary>Only objects, which are read in parts, can be of any length.</summary>
    private static long Longest(string[] names)
    {
        bool isObject =
            names is ["pack", _]
            || names is [.., { Length: 2 } first, { Length: >= 38 }] && first.All(char.IsAsciiHexDigit)
            || names is [.., "objects", "pack", _];
        return isObject ? long.MaxValue
            // They have a line for each commit that was checked out.
            : names.Contains("logs", StringComparer.Ordinal) ? LongestList
            : names.Contains("refs", StringComparer.Ordinal)
            || names[^1] is "HEAD" or "commondir" or "gitdir" or "alternates"
                ? LongestName
            : names[^1].StartsWith("config", StringComparison.Ordinal) || names is [.., "info", _] ? LongestSettings
            : LongestList;
    }

    private static void Require(string file, long longest)
    {
        // Opening a socket fails at once.
        if (FileKind.IsSocket(file))
        {
            return;
        }

        FileKind.RequireRegular(file);
        if (RegularFile.Exists(file) && new FileInfo(file).Length is var length && length > longest)
        {
            throw new IOException($"{file}: {Plural.Bytes(length)}; expected at most {Plural.Bytes(longest)}");
        }
    }
}
