using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>Paths in split files, which may come from other machines.</summary>
internal static class SplitPath
{
    /// <summary>Returns whether a path begins at the root of a machine, in the form of Unix or of Windows.</summary>
    public static bool IsAbsolute(string path) => path is ['/' or '\\', ..] || HasDrive(path);

    /// <summary>Returns a path with forward slashes, without drive, root and leading <c>./</c>.</summary>
    public static string Plain(string path)
    {
        string plain = Composed.Of(HasDrive(path) ? path[2..] : path).Replace('\\', '/').TrimStart('/');
        return plain.StartsWith("./", StringComparison.Ordinal) ? plain[2..].TrimStart('/') : plain;
    }

    /// <summary>Returns the file name.</summary>
    public static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Returns the last parts of a path.</summary>
    public static string End(string path, int parts) => string.Join('/', path.Split('/').TakeLast(parts));

    /// <summary>Returns the number of parts of a path.</summary>
    public static int Parts(string path) => path.AsSpan().Count('/') + 1;

    /// <summary>Returns the number of parts at the end that two paths have in common.</summary>
    public static int CommonEnd(string first, string second)
    {
        int length = 0;
        int common = 0;
        while (length < first.Length && length < second.Length && first[^(length + 1)] == second[^(length + 1)])
        {
            length++;
            common += first[^length] == '/' ? 1 : 0;
        }

        bool firstEnds = length == first.Length || first[^(length + 1)] == '/';
        bool secondEnds = length == second.Length || second[^(length + 1)] == '/';
        return common + (firstEnds && secondEnds ? 1 : 0);
    }

    /// <summary>Returns the number of folders at the beginning that all paths have in common.</summary>
    public static int CommonFolders(IEnumerable<string> paths)
    {
        string[]? common = null;
        foreach (string path in paths)
        {
            string[] folders = path.Split('/')[..^1];
            common = common is null
                ? folders
                : [.. common.Zip(folders).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }

        return common?.Length ?? 0;
    }

    private static bool HasDrive(string path) => path is [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), ':', ..];
}
