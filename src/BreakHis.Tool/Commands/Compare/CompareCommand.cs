using System.CommandLine;
using System.Text.Json;
using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Compare;

/// <summary><c>compare</c>: says whether one configuration is better than another.</summary>
internal static class CompareCommand
{
    private static readonly ComparedOptions Compared = new("Two or more");

    private static readonly Option<int?> PlannedSeeds = new("--planned-seeds")
    {
        Description =
            "If you look after every seed from the second one on: how many seeds are planned, 2 to 20. All looks together have the false alarms of one comparison",
        HelpName = "N",
        CustomParser = NumberArgument.Between(2, Levels.MostPlanned),
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "compare",
            """
            Say whether one configuration is better than another.
            Compares the accuracy of two configurations on the same images, over all of their seeds and folds, with
            patients as units. The verdict is better, worse, practically equivalent (with --margin) or inconclusive; the
            exit code is 0 whatever it is. More than two are each compared with the first, and the verdicts count
            together.

            Examples:
              dotnet breakhis compare quickstart
              dotnet breakhis compare frozen=question-bottleneck tuned=question-fine-tune:fine_tune --margin 2
              dotnet breakhis compare baseline sgd adam --planned-seeds 5
            """
        );
        Compared.AddTo(command, withMargin: true);
        command.Options.Add(PlannedSeeds);
        command.Options.Add(Json);
        command.SetAction(Compare);
        return command;
    }

    private static int Compare(ParseResult parsed)
    {
        using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
        IReadOnlyList<Configuration> all = Compared.In(ledger, parsed);
        Side side = Compared.SideOf(parsed);
        double? margin = Compared.Margin(parsed);
        int? planned = parsed.GetValue(PlannedSeeds);
        if (all.Count > 2)
        {
            Print(parsed, SeveralComparisons.Of(all, side, margin, planned));
        }
        else
        {
            Print(parsed, Comparison.Of(all[0], all[1], side, margin, planned));
        }

        return 0;
    }

    private static void Print(ParseResult parsed, SeveralComparisons several)
    {
        if (parsed.GetValue(Json))
        {
            StandardStreams.Out.WriteLine(JsonSerializer.Serialize(several, ToolJson.Default.SeveralComparisons));
        }
        else
        {
            SeveralText.Print(several);
        }
    }

    private static void Print(ParseResult parsed, Comparison comparison)
    {
        if (parsed.GetValue(Json))
        {
            StandardStreams.Out.WriteLine(JsonSerializer.Serialize(comparison, ToolJson.Default.Comparison));
        }
        else
        {
            CompareText.Print(comparison);
        }
    }
}
