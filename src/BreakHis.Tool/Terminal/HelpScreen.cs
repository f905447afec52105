using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace BreakHis.Tool.Terminal;

/// <summary>
/// <c>--help</c>. The first line of a command's description is its summary, which lists show. The command's help page
/// adds the rest of the description, arguments, options and examples.
/// </summary>
/// <param name="groups">All commands, grouped as on the root's help page.</param>
internal sealed class HelpScreen(IReadOnlyList<(string Title, Command[] Commands)> groups)
    : SynchronousCommandLineAction
{
    private const string Program = "dotnet breakhis";
    private static readonly string[] ExamplesTitles = ["Examples:", "Example:"];
    private const int MostColumns = 100;
    private const int LeastTextColumns = 30;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>
    /// Installs these help pages for the root and all commands below it. The root also shows its page without a
    /// command.
    /// </summary>
    public void AddTo(RootCommand root)
    {
        foreach (HelpOption option in root.Options.OfType<HelpOption>())
        {
            option.Description = "Show this help";
            option.Action = this;
        }

        root.SetAction(Invoke);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int width = Math.Min(StandardStreams.OutConsole.Profile.Width, MostColumns);
        foreach (string line in Page(parseResult.CommandResult.Command, width))
        {
            StandardStreams.Out.WriteLine(line);
        }

        return 0;
    }

    /// <summary>The command line that shows a command's help.</summary>
    public static string CallFor(Command command) => $"{Called(command)} --help";

    private IEnumerable<string> Page(Command command, int width)
    {
        (string summary, string details, string[] examples) = Parts(command);
        IReadOnlyList<(string Title, Command[] Commands)> lists =
            command is RootCommand ? groups
            : command.Subcommands.Count > 0 ? [("Commands", [.. command.Subcommands])]
            : [];
        return
        [
            .. Wrapped(summary, width),
            "",
            $"Usage: {Usage(command)}",
            .. details.Length > 0 ? Wrapped(details, width).Prepend("") : [],
            .. Sections(lists.Select(list => (list.Title, list.Commands.Select(Row).ToArray())), width),
            .. Sections([("Arguments", [.. command.Arguments.Select(Row)])], width),
            .. Sections([("Options", [.. OptionsOf(command).Select(Row)])], width),
            .. examples,
        ];
    }

    /// <summary>
    /// Divides a description into its first line, the rest as one paragraph, and the examples with their title.
    /// </summary>
    private static (string Summary, string Details, string[] Examples) Parts(Command command)
    {
        string[] lines = (command.Description ?? "").ReplaceLineEndings("\n").Trim().Split('\n');
        string[] text = [.. lines.TakeWhile(line => !ExamplesTitles.Contains(line))];
        return (
            text[0],
            string.Join(' ', text.Skip(1).Where(line => line.Length > 0)),
            lines.Length > text.Length ? ["", .. lines[text.Length..]] : []
        );
    }

    private static string Usage(Command command) =>
        string.Join(
            ' ',
            [
                Called(command),
                .. command.Subcommands.Count > 0 ? (string[])["COMMAND"] : [],
                .. command.Arguments.Select(Form),
                .. command.Options.Where(option => option.Required).Select(option => Row(option).Name),
                "[OPTIONS]",
            ]
        );

    private static string Called(Command command) =>
        command is RootCommand ? Program : $"{Called(command.Parents.OfType<Command>().First())} {command.Name}";

    private static string Form(Argument argument)
    {
        string many = argument.Arity.MaximumNumberOfValues > 1 ? "..." : "";
        return argument.Arity.MinimumNumberOfValues > 0 ? argument.Name + many : $"[{argument.Name}{many}]";
    }

    /// <summary>A command's own options, then the options inherited from the commands above it.</summary>
    public static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(
            command.Parents.OfType<Command>().Take(1).SelectMany(OptionsOf).Where(option => option.Recursive)
        );

    private static (string Name, string Text) Row(Command command) => (command.Name, Parts(command).Summary);

    private static (string Name, string Text) Row(Argument argument) => (argument.Name, argument.Description ?? "");

    private static (string Name, string Text) Row(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(alias => alias == "-h").Append(option.Name));
        return (option.HelpName is { } value ? $"{names} {value}" : names, option.Description ?? "");
    }

    /// <summary>Titled lists with aligned descriptions.</summary>
    private static IEnumerable<string> Sections(
        IEnumerable<(string Title, (string Name, string Text)[] Rows)> sections,
        int width
    )
    {
        (string Title, (string Name, string Text)[] Rows)[] filled = [.. sections.Where(s => s.Rows.Length > 0)];
        int column = 4 + filled.SelectMany(s => s.Rows).Select(row => row.Name.Length).DefaultIfEmpty().Max();
        return filled.SelectMany(s =>
            s.Rows.SelectMany(row => Entry(row.Name, row.Text, column, width)).Prepend($"{s.Title}:").Prepend("")
        );
    }

    private static IEnumerable<string> Entry(string name, string text, int column, int width) =>
        Wrapped(text, Math.Max(width - column, LeastTextColumns))
            .Select((line, i) => (i == 0 ? $"  {name}" : "").PadRight(column) + line);

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        yield return line;
    }
}
