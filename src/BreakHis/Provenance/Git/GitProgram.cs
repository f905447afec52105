using System.Diagnostics;
using System.Text;
using BreakHis.Processes;

namespace BreakHis.Provenance.Git;

/// <summary>Runs the git program: the library that reads repositories can neither apply nor check a patch.</summary>
internal static class GitProgram
{
    // Git hooks set these variables; they would point git to the wrong repository.
    private static readonly string[] Inherited =
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_PREFIX",
    ];

    // Reads repositories of other users, and runs none of the programs that a repository can name for these commands.
    private static readonly (string Key, string Value)[] Settings =
    [
        ("safe.directory", "*"),
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
    ];

    /// <summary>Runs git and waits for it to end. Returns null if git is not installed.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="input">The standard input, or null.</param>
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
        foreach ((int number, (string key, string value)) in Settings.Index())
        {
            start.Environment[$"GIT_CONFIG_KEY_{number}"] = key;
            start.Environment[$"GIT_CONFIG_VALUE_{number}"] = value;
        }

        start.Environment["GIT_CONFIG_COUNT"] = $"{Settings.Length}";
        if (index is not null)
        {
            start.Environment["GIT_INDEX_FILE"] = index;
        }

        return ExternalProgram.Run(start, input);
    }

    /// <summary>Returns git's error on one line.</summary>
    public static string Says(this ProgramResult answer) =>
        string.Join(' ', answer.Error.Split('\n', StringSplitOptions.TrimEntries).Where(l => l != ""));
}
