using System.Diagnostics;
using System.Text;
using BreakHis.Processes;

namespace BreakHis.Provenance.Git;

/// <summary>The git program: the library that reads repositories can neither apply a patch nor check one.</summary>
internal static class GitProgram
{
    // A caller that is a git hook has these; they would lead git to another repository than the one meant.
    private static readonly string[] Inherited =
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_PREFIX",
    ];

    /// <summary>Runs git and waits for it; null where there is no git program.</summary>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="input">Its standard input, or null.</param>
    /// <param name="index">The index file to use instead of the repository's, or null.</param>
    public static ProgramResult? Run(string folder, string? input, string? index, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string variable in Inherited)
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        if (index is not null)
        {
            start.Environment["GIT_INDEX_FILE"] = index;
        }

        return ExternalProgram.Run(start, input);
    }

    /// <summary>What went wrong, in one line.</summary>
    public static string Says(this ProgramResult answer) =>
        string.Join(' ', answer.Error.Split('\n', StringSplitOptions.TrimEntries).Where(l => l != ""));
}
