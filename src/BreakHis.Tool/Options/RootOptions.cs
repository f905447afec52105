using System.CommandLine;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;

namespace BreakHis.Tool.Options;

/// <summary>The options of every command.</summary>
internal static class RootOptions
{
    /// <summary>The home folder.</summary>
    public static Option<string?> Home { get; } =
        new("--home")
        {
            Description =
                $"Folder for ledger, runs and cache [default: {HomeFolder.Variable}, or .breakhis at the git root, else in the current folder]",
            HelpName = "DIR",
            Recursive = true,
        };

    /// <summary>Whether to show stack traces for errors.</summary>
    public static Option<bool> Verbose { get; } =
        new("--verbose") { Description = "Show stack traces for errors", Recursive = true };

    /// <summary>Creates the root command.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            """
            Run reproducible transfer-learning experiments on histology images.
            RUN is a run id, a unique prefix of one, @1 for the last run, or a spec name (its last run).

            Example:
              dotnet breakhis run experiments/quickstart.yaml

            Run 'dotnet breakhis COMMAND --help' for the options and examples of a command.
            """
        );
        root.Options.Add(Home);
        root.Options.Add(Verbose);
        return root;
    }

    /// <summary>The home folder for a command.</summary>
    /// <exception cref="InputException">The path cannot be a folder.</exception>
    public static HomeFolder HomeOf(ParseResult parsed) =>
        parsed.GetValue(Home) is string named ? HomeIn(named) : OwnHome();

    /// <summary>The home folder of a command without --home.</summary>
    /// <exception cref="InputException">The path cannot be a folder.</exception>
    public static HomeFolder OwnHome() => HomeIn(Environment.GetEnvironmentVariable(HomeFolder.Variable) ?? "");

    /// <summary>The home folder at a path; the default one if the path is empty.</summary>
    /// <exception cref="InputException">The path cannot be a folder.</exception>
    public static HomeFolder HomeIn(string named)
    {
        string path = named.Length == 0 ? Path.Combine(WorkFolder(), ".breakhis") : Path.GetFullPath(InFull(named));
        return PathOption.NotAFolder(path) is string reason
            ? throw new InputException($"home folder: '{path}' {reason}")
            : new HomeFolder(path);
    }

    /// <summary>A shell does not expand the ~ of a variable or after an equals sign.</summary>
    private static string InFull(string named)
    {
        (string? path, string? wrong) = named.StartsWith('~')
            ? PathVariables.Expand(named, Environment.GetEnvironmentVariable)
            : (named, null);
        return path ?? throw new InputException($"home folder: {wrong}");
    }

    /// <summary>The root of the git work tree around the current folder, else the current folder.</summary>
    public static string WorkFolder()
    {
        string current = Directory.GetCurrentDirectory();
        for (string? folder = current; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string git = Path.Combine(folder, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return folder;
            }
        }

        return current;
    }
}
