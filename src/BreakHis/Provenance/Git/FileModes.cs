using BreakHis.Files;
using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Modes of files as git records them.</summary>
internal static class FileModes
{
    /// <summary>Whether a mode is that of a file, rather than of a link or a submodule.</summary>
    public static bool IsFile(Mode mode) => mode is not (Mode.Nonexistent or Mode.SymbolicLink or Mode.GitLink);

    /// <summary>Whether a path is a pipe, socket or device, which cannot be read like a file.</summary>
    public static bool IsSpecial(string path) =>
        new FileInfo(path) is { LinkTarget: null, Exists: true } && !FileKind.IsRegular(path);

    /// <summary>Returns the mode of a file or link, or null if there is none.</summary>
    public static Mode? Of(string path)
    {
        var file = new FileInfo(path);
        bool executable =
            file.Exists && !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        return file.LinkTarget is not null ? Mode.SymbolicLink
            : !file.Exists ? null
            : executable ? Mode.ExecutableFile
            : Mode.NonExecutableFile;
    }
}
