using BreakHis.Wording;

namespace BreakHis.Files;

/// <summary>Lists one folder for <see cref="FolderTree"/>.</summary>
internal sealed class FolderWalk
{
    // Links that double at each level would list a folder more often than ever ends.
    private const int MostTimes = 1_000;
    private const int MostAgain = 1_000_000;

    private static readonly EnumerationOptions Everything = new()
    {
        IgnoreInaccessible = false,
        AttributesToSkip = FileAttributes.None,
    };

    private static readonly EnumerationOptions Accessible = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.None,
    };

    private readonly List<string> _files = [];
    private readonly List<string> _emptyFolders = [];
    private readonly List<string> _cycles = [];
    private readonly List<string> _tooDeep = [];

    /// <summary>How often each folder was listed, by its real path.</summary>
    private readonly Dictionary<string, int> _times = new(StringComparer.Ordinal);

    /// <summary>The real paths that the links have, by their own.</summary>
    private readonly Dictionary<string, string> _targets = new(StringComparer.Ordinal);

    /// <summary>The real paths of the folders that contain the links which lead to the present folder.</summary>
    private readonly Stack<string> _from = [];

    private int _again;

    /// <inheritdoc cref="FolderTree.Of"/>
    public FolderTree List(string folder)
    {
        List(folder, RealPath.Of(folder), isHidden: false, 0);
        return new FolderTree(_files, _emptyFolders, _cycles, _tooDeep);
    }

    /// <param name="folder">The folder, by the path under which its files are listed.</param>
    /// <param name="real">The folder's real path.</param>
    /// <param name="isHidden">Whether it or a folder above it is hidden.</param>
    /// <param name="depth">The number of parent folders.</param>
    private void List(string folder, string real, bool isHidden, int depth)
    {
        int times = _times.GetValueOrDefault(real);
        if (isHidden && times > 0)
        {
            return;
        }

        if (depth > FolderTree.Deepest)
        {
            _tooDeep.Add(folder);
            return;
        }

        if (times == MostTimes)
        {
            throw TooOften(folder);
        }

        _times[real] = times + 1;
        List<FileSystemInfo> folders = Entries(folder, again: times > 0, depth);
        // In order, so that it does not depend on the file system which path a hidden folder has.
        foreach (FileSystemInfo entry in folders.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            bool isBelowHidden = isHidden || entry.Name.StartsWith('.');
            if (entry.LinkTarget is null)
            {
                List(entry.FullName, Path.Combine(real, entry.Name), isBelowHidden, depth + 1);
            }
            else
            {
                Follow(entry, real, isBelowHidden, depth);
            }
        }
    }

    /// <summary>Adds a folder's files and returns its subfolders and links to folders.</summary>
    private List<FileSystemInfo> Entries(string folder, bool again, int depth)
    {
        if (FileFault.IsUnreadableName(folder) && !Directory.Exists(folder))
        {
            throw new IOException($"the name of {folder} is not UTF-8; rename it");
        }

        EnumerationOptions options = depth > 0 && Path.GetFileName(folder).StartsWith('.') ? Accessible : Everything;
        List<FileSystemInfo> folders = [];
        bool isEmpty = true;
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", options))
        {
            isEmpty = false;
            if (again && ++_again > MostAgain)
            {
                throw TooOften(folder);
            }

            if (entry is DirectoryInfo)
            {
                folders.Add(entry);
            }
            else
            {
                _files.Add(entry.FullName);
            }
        }

        if (isEmpty)
        {
            _emptyFolders.Add(folder);
        }

        return folders;
    }

    /// <param name="link">The path of a link to a folder.</param>
    /// <param name="real">The real path of the folder that contains it.</param>
    /// <param name="isHidden">Whether it or a folder above it is hidden.</param>
    /// <param name="depth">The number of folders above the one that contains it.</param>
    private void Follow(FileSystemInfo link, string real, bool isHidden, int depth)
    {
        string path = Path.Combine(real, link.Name);
        if (!_targets.TryGetValue(path, out string? target))
        {
            target = RealPath.Of(path);
            _targets.Add(path, target);
        }

        if (Contains(target, real) || _from.Any(from => Contains(target, from)))
        {
            _cycles.Add(link.FullName);
            return;
        }

        _from.Push(real);
        List(link.FullName, target, isHidden, depth + 1);
        _from.Pop();
    }

    /// <summary>Returns whether a folder is another or above it.</summary>
    private static bool Contains(string folder, string other) =>
        folder == other
        || other.StartsWith(
            Path.TrimEndingDirectorySeparator(folder).TrimEnd(Path.DirectorySeparatorChar)
                + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );

    private static IOException TooOften(string folder) =>
        new(
            $"links lead to the same folders too often, for example to {folder}: at most {Digits.Grouped(MostTimes)} times to each, and to at most {Digits.Grouped(MostAgain)} files and folders again; remove some of the links"
        );
}
