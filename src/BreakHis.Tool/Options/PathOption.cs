using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using BreakHis.Files;
using BreakHis.Reports;
using BreakHis.Runs;
using BreakHis.Specs.Problems;

namespace BreakHis.Tool.Options;

/// <summary>Options whose values are paths. They are checked before any work, not after hours of training.</summary>
internal static class PathOption
{
    /// <summary>The limit of Linux's file systems, without the ending of a temporary file.</summary>
    private const int LongestName = 200;

    private const int LongestPath = 4_000;

    private const string InGit = "is in the folder .git of a repository; choose another place";

    /// <summary>Rejects a path that cannot become a file.</summary>
    public static Option<T> WritesFile<T>(this Option<T> option) => option.Rejecting(NotAFile);

    /// <summary>Rejects a path that cannot become a file, or that is a file other than a report.</summary>
    public static Option<T> WritesReport<T>(this Option<T> option) => option.Rejecting(NotAReport);

    /// <summary>Returns why a page must not be written to a path, or null: another file of the user's is there.</summary>
    public static string? NotAReport(string path)
    {
        if (NotAFile(path) is string fault)
        {
            return fault;
        }

        try
        {
            return FileKind.IsDeadLink(path) ? "is a link that leads to no file"
                : File.Exists(path) && !Report.IsReport(path)
                    ? "exists and is not a report of this tool; choose another file"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"exists and cannot be read: {e.Message}";
        }
    }

    /// <summary>Refuses to write into the home folder, or over what a command reads or writes anyway.</summary>
    /// <param name="path">The file to write, or null.</param>
    /// <param name="others">The other files.</param>
    /// <exception cref="InputException">It is one of them.</exception>
    public static void RequireOther<T>(Option<T> option, string? path, HomeFolder home, IEnumerable<string> others)
    {
        string? full = path is null ? null : Real(path);
        if (
            full is not null
            && (full + Path.DirectorySeparatorChar).StartsWith(
                Real(home.Path) + Path.DirectorySeparatorChar,
                StringComparison.Ordinal
            )
        )
        {
            throw new InputException($"{option.Name}: '{path}' is in the home folder; choose a place outside it");
        }

        if (others.Select(Real).Contains(full, StringComparer.Ordinal))
        {
            throw new InputException(
                $"{option.Name}: '{path}' is a file that this command reads or writes anyway; choose another one"
            );
        }
    }

    private static bool IsInGit(string path) => Real(path).Split('/').Contains(".git", StringComparer.Ordinal);

    private static string Real(string path) => RealPath.Of(Path.GetFullPath(path));

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
        if (IsInGit(path))
        {
            return InGit;
        }

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
        : path.Split('/').Any(name => Encoding.UTF8.GetByteCount(name) > LongestName)
            ? $"has a name of more than {LongestName} bytes"
        : Encoding.UTF8.GetByteCount(Path.GetFullPath(path)) > LongestPath ? $"has more than {LongestPath} bytes"
        : IsInGit(path) ? InGit
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
