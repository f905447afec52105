using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using BreakHis.Files;
using BreakHis.Reports;

namespace BreakHis.Tool.Options;

/// <summary>Options whose values are paths. They are checked before any work, not after hours of training.</summary>
internal static class PathOption
{
    /// <summary>The limit of Linux's file systems, without the ending of a temporary file.</summary>
    private const int LongestName = 200;

    /// <summary>Rejects a path that cannot become a file.</summary>
    public static Option<T> WritesFile<T>(this Option<T> option) => option.Rejecting(NotAFile);

    /// <summary>Rejects a path that cannot become a file, or that is a file other than a report.</summary>
    public static Option<T> WritesReport<T>(this Option<T> option) =>
        option.Rejecting(path => NotAFile(path) ?? (NotAReport(path)));

    /// <summary>Returns why a page must not be written to a path, or null: another file of the user's is there.</summary>
    public static string? NotAReport(string path)
    {
        try
        {
            return FileKind.IsDeadLink(path) ? "is a link that leads to no file"
                : !FileKind.IsRegular(path) ? $"is {FileKind.NotRegular}"
                : File.Exists(path) && !Report.IsReport(path)
                    ? "exists and is not a report of this tool; choose another file"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"exists and cannot be read: {e.Message}";
        }
    }

    /// <summary>Rejects a path that cannot become a folder.</summary>
    public static Option<T> WritesFolder<T>(this Option<T> option) => option.Rejecting(NotAFolder);

    /// <summary>Rejects a path to nothing, or to a pipe, socket or device.</summary>
    public static Option<T> Reads<T>(this Option<T> option) =>
        option.Rejecting(path =>
            !Path.Exists(path) ? "not found"
            : !Directory.Exists(path) && !FileKind.IsRegular(path) ? $"is {FileKind.NotRegular}"
            : null
        );

    /// <summary>Returns why a path cannot become a folder, or null.</summary>
    public static string? NotAFolder(string path)
    {
        for (
            string? at = Path.GetFullPath(path);
            at is not null && !Directory.Exists(at);
            at = Path.GetDirectoryName(at)
        )
        {
            if (File.Exists(at))
            {
                return at == Path.GetFullPath(path) ? FolderPath.IsFile : $"cannot be created, because {at} is a file";
            }
        }

        return null;
    }

    private static string? NotExpanded(string path) =>
        path.StartsWith('~') ? "begins with ~, which the shell did not expand; write the path in full" : null;

    private static string? NotAFile(string path) =>
        Directory.Exists(path) ? "is a folder; expected a file"
        : Encoding.UTF8.GetByteCount(Path.GetFileName(path)) > LongestName
            ? $"has a name of more than {LongestName} bytes"
        : !FileKind.IsRegular(path) ? $"is {FileKind.NotRegular}"
        : File.Exists(path) ? null
        : NotAFolder(path);

    private static Option<T> Rejecting<T>(this Option<T> option, Func<string, string?> fault)
    {
        option.Validators.Add(result =>
        {
            foreach (Token token in result.Tokens)
            {
                // Any empty value is refused later.
                if (token.Value.Length > 0 && (NotExpanded(token.Value) ?? fault(token.Value)) is string reason)
                {
                    result.AddError($"{option.Name}: '{token.Value}' {reason}");
                }
            }
        });
        return option;
    }
}
