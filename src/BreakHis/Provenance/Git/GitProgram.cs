using System.Diagnostics;
using System.Globalization;
using System.Text;
using BreakHis.Processes;
using BreakHis.Wording;

namespace BreakHis.Provenance.Git;

/// <summary>Runs the git program: the library that reads repositories can neither apply nor check a patch.</summary>
internal static class GitProgram
{
    /// <summary>The environment variable with the index file to use instead of the repository's.</summary>
    public const string IndexVariable = "GIT_INDEX_FILE";

    /// <summary>The environment variable with folders of objects to read beside the repository's.</summary>
    public const string ObjectsVariable = "GIT_ALTERNATE_OBJECT_DIRECTORIES";

    // As if git itself had failed.
    private const int NotRun = 128;

    // Git hooks set these variables; they would point git to the wrong repository.
    private static readonly string[] Inherited =
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        IndexVariable,
        "GIT_OBJECT_DIRECTORY",
        ObjectsVariable,
        "GIT_COMMON_DIR",
        "GIT_PREFIX",
    ];

    // Programs that a repository can name. Filters have names of their own (NoFilters).
    private static readonly (string Key, string Value)[] NoPrograms =
    [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.pager", "cat"),
        ("diff.external", ""),
    ];

    // Only for commands that run no filters: git refuses a checkout of another user's repository.
    private static readonly (string Key, string Value)[] OfOtherUsers = [("safe.directory", "*")];

    /// <summary>Whether the program is installed.</summary>
    public static bool IsInstalled => ExternalProgram.Run(new("git", ["--version"]), null) is { Done: true };

    /// <summary>
    /// Runs git and waits for it to end. Returns null if git is not installed. Git is not run, and the result is a
    /// failure, if the repository has filters that cannot be turned off.
    /// </summary>
    /// <param name="input">The standard input, or null.</param>
    /// <param name="index">The index file to use instead of the repository's, or null.</param>
    public static ProgramResult? Run(string folder, string? input, string? index, params IEnumerable<string> arguments)
    {
        try
        {
            return Run(
                folder,
                input,
                index is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal) { [IndexVariable] = index },
                index is null ? [.. NoPrograms, .. NoFilters(folder)] : [.. NoPrograms, .. OfOtherUsers],
                arguments
            );
        }
        catch (IOException e)
        {
            return new ProgramResult(NotRun, [], e.Message);
        }
    }

    /// <summary>Runs a command that only reads, also in a repository of another user.</summary>
    /// <param name="settings">Settings that keep the command from running programs that the repository names.</param>
    /// <param name="variables">Environment variables, or null.</param>
    /// <param name="input">The standard input, or null.</param>
    public static ProgramResult? Read(
        string folder,
        (string Key, string Value)[] settings,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null,
        string? input = null
    ) =>
        Run(
            folder,
            input,
            variables ?? new Dictionary<string, string>(StringComparer.Ordinal),
            [.. NoPrograms, .. OfOtherUsers, .. settings],
            ["--no-optional-locks", .. arguments]
        );

    /// <summary>
    /// Settings without the filters of a repository: they are programs that it names, and git would run them.
    /// </summary>
    /// <param name="folder">The folder in which git will run: settings may be included for some folders only.</param>
    /// <exception cref="IOException">A filter cannot be turned off.</exception>
    public static (string Key, string Value)[] NoFilters(string folder)
    {
        ProgramResult? answer = Read(
            folder,
            [],
            ["config", "--null", "--name-only", "--get-regexp", @"^filter\..*\.(clean|smudge|process|required)$"]
        );
        string[] keys = answer is { Done: true }
            ? answer.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            : [];
        // Another name would be turned off instead.
        return Array.Exists(keys, key => key.Contains('\uFFFD', StringComparison.Ordinal))
            ? throw new IOException(
                "its configuration has a filter whose name is not UTF-8, which git would run; remove the filter"
            )
            : [.. keys.Select(key => (key, key.EndsWith(".required", StringComparison.Ordinal) ? "false" : ""))];
    }

    private static ProgramResult? Run(
        string folder,
        string? input,
        IReadOnlyDictionary<string, string> variables,
        (string Key, string Value)[] settings,
        IEnumerable<string> arguments
    )
    {
        try
        {
            RepositoryFiles.CheckOnce(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ProgramResult(NotRun, [], e.Message);
        }

        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string variable in Inherited)
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        // A missing object must not be fetched, since that runs the repository's core.sshCommand.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        start.Environment["GIT_ALLOW_PROTOCOL"] = "none";
        // The recorded commit is what other clones have, which lack replacements.
        start.Environment["GIT_NO_REPLACE_OBJECTS"] = "1";

        // After the caller's own settings.
        start.Environment.TryGetValue("GIT_CONFIG_COUNT", out string? count);
        _ = int.TryParse(count, CultureInfo.InvariantCulture, out int given);
        foreach ((int i, (string key, string value)) in settings.Index())
        {
            int number = given + i;
            start.Environment[$"GIT_CONFIG_KEY_{number}"] = key;
            start.Environment[$"GIT_CONFIG_VALUE_{number}"] = value;
        }

        start.Environment["GIT_CONFIG_COUNT"] = $"{given + settings.Length}";
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        return ExternalProgram.Run(start, input);
    }

    /// <summary>A path in a list of paths that colons separate.</summary>
    public static string Quoted(string path) =>
        path.Contains(Path.PathSeparator, StringComparison.Ordinal) || path.StartsWith('"')
            ? $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : path;

    /// <summary>Returns git's error on one line.</summary>
    public static string Says(this ProgramResult answer) => OneLine.Of(answer.Error);
}
