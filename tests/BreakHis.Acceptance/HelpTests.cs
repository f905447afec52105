using System.Text;
using BreakHis.Testing;
using Snapshooter;
using Snapshooter.Xunit3;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>The help pages of all commands.</summary>
public sealed class HelpTests
{
    private static readonly string[] OtherSections = ["Arguments:", "Options:", "Example:", "Examples:"];

    [Fact]
    public async Task Every_help_page_matches_the_snapshot()
    {
        using var place = new Workplace();
        var pages = new StringBuilder();
        var commands = new Queue<string[]>([
            [],
        ]);
        while (commands.TryDequeue(out string[]? command))
        {
            Outcome help = await place.Breakhis([.. command, "--help"]);
            Assert.True(help.ExitCode == 0 && help.Error == "", $"{help}");
            string[] lines = help.Output.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
            Assert.Single(lines, line => line is "Example:" or "Examples:");
            Assert.All(lines, line => Assert.InRange(line.Length, 0, 100));
            pages.AppendJoin(
                '\n',
                ["$ " + string.Join(' ', ["dotnet breakhis", .. command, "--help"]), .. lines, "\n"]
            );
            foreach (string name in CommandsOn(lines))
            {
                commands.Enqueue([.. command, name]);
            }
        }

        Snapshot.Match(
            pages.ToString(),
            new SnapshotFullName("Help.txt", SharedFolder.InRepository("tests/BreakHis.Acceptance"))
        );
    }

    [Fact]
    public async Task Without_a_command_the_root_page_is_shown_on_few_lines()
    {
        using var place = new Workplace();

        Outcome help = await place.Breakhis("--help");

        Assert.Equal(help, await place.Breakhis());
        Assert.InRange(help.Output.Split('\n').Length, 20, 45);
    }

    private static IEnumerable<string> CommandsOn(IReadOnlyList<string> page)
    {
        bool isList = false;
        foreach (string line in page)
        {
            isList = line.EndsWith(':') ? !OtherSections.Contains(line) : isList && line != "";
            if (isList && line.StartsWith("  ", StringComparison.Ordinal) && line[2] != ' ')
            {
                yield return line.Trim().Split(' ')[0];
            }
        }
    }
}
