using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary><c>compare</c>: says whether one configuration is better than another.</summary>
internal static class CompareCommand
{
    private static readonly Argument<string[]> Configurations = new("CONFIGURATION")
    {
        Description =
            "Two of [LABEL=]RUN[:STAGE], the baseline first; RUN is an id, a unique prefix, @1 or a spec name, and stands for all runs that differ from it only in seed, fold, split seed, threads or software. With one RUN, its two stages are compared",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Stage = new("--stage")
    {
        Description = "With two configurations: the stage of those that name none [default: the last one]",
        HelpName = "STAGE",
    };

    private static readonly Option<string> ImagesOf = new("--side")
    {
        Description = "Images to compare: validation or test [default: validation]",
        HelpName = "SIDE",
        DefaultValueFactory = _ => Sides.Word(Side.Validation),
    };

    private static readonly Option<string?> Margin = new("--margin")
    {
        Description = "Difference in accuracy that does not matter, in percentage points, such as 2",
        HelpName = "POINTS",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Stage.AcceptOnly([.. StageNames.All]);
        ImagesOf.AcceptOnly(Sides.Word(Side.Validation), Sides.Word(Side.Test));
        var command = new Command(
            "compare",
            """
            Say whether one configuration is better than another.
            Compares the accuracy of two configurations on the same images, over all of their seeds and folds, with
            patients as units. The verdict is better, worse, practically equivalent (with --margin) or inconclusive; the
            exit code is 0 whatever it is.

            Examples:
              dotnet breakhis compare quickstart
              dotnet breakhis compare frozen=question-bottleneck tuned=question-fine-tune:fine_tune --margin 2
            """
        )
        {
            Configurations,
            Stage,
            ImagesOf,
            Margin,
            Json,
        };
        command.SetAction(Compare);
        return command;
    }

    private static int Compare(ParseResult parsed)
    {
        string[] named = parsed.GetValue(Configurations)!;
        if (named.Length > 2)
        {
            throw new InputException($"two configurations can be compared, not {named.Length}");
        }

        if (named.Length == 1 && parsed.GetValue(Stage) is not null)
        {
            throw new InputException("--stage needs two configurations: with one, its stages are compared");
        }

        using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
        NamedConfiguration[] sides =
            named.Length == 1
                ? NamedConfiguration.StagesOf(named[0])
                : [.. named.Select(text => NamedConfiguration.Parse(text, parsed.GetValue(Stage)))];
        Configuration[] found = [.. sides.Select(side => side.In(ledger))];
        double? margin = MarginOf(parsed.GetValue(Margin));
        Side side = parsed.GetValue(ImagesOf) == Sides.Word(Side.Test) ? Side.Test : Side.Validation;
        var comparison = Comparison.Of(found[0], found[1], side, margin);
        if (parsed.GetValue(Json))
        {
            StandardStreams.Out.WriteLine(JsonSerializer.Serialize(comparison, ToolJson.Default.Comparison));
        }
        else
        {
            CompareText.Print(comparison);
        }

        return 0;
    }

    private static double? MarginOf(string? points) =>
        points is null ? null
        : double.TryParse(points, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double margin)
        && margin is > 0 and < 100
            ? margin / 100
        : throw new InputException(
            $"--margin: '{OneLine.Of(points)}' is not a number of percentage points between 0 and 100"
        );
}
