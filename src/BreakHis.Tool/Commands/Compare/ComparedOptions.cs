using System.CommandLine;
using System.Globalization;
using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary>What to compare, as all commands about comparisons name it.</summary>
/// <param name="count">How many configurations a command takes, such as "Two".</param>
internal sealed class ComparedOptions(string count)
{
    private readonly Argument<string[]> _configurations = new("CONFIGURATION")
    {
        Description =
            $"{count} of [LABEL=]RUN[:STAGE], the baseline first; RUN is an id, a unique prefix, @1 or a spec name, and stands for all runs that differ from it only in seed, fold, split seed, threads or software. With one RUN, its two stages are compared",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _stage = new("--stage")
    {
        Description = "Stage of configurations that name none, if there are several [default: their last one]",
        HelpName = "STAGE",
    };

    private readonly Option<string> _imagesOf = new("--side")
    {
        Description = "Images to compare: validation or test [default: validation]",
        HelpName = "SIDE",
        DefaultValueFactory = _ => Sides.Word(Side.Validation),
    };

    private readonly Option<string?> _margin = new("--margin")
    {
        Description =
            "Difference in accuracy that does not matter, in percentage points, such as 2 [default: margin of the specs]",
        HelpName = "POINTS",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="withMargin">Whether it has a use for the margin.</param>
    public void AddTo(Command command, bool withMargin)
    {
        _stage.AcceptOnly([.. StageNames.All]);
        _imagesOf.AcceptOnly(Sides.Word(Side.Validation), Sides.Word(Side.Test));
        command.Arguments.Add(_configurations);
        command.Options.Add(_stage);
        command.Options.Add(_imagesOf);
        if (withMargin)
        {
            command.Options.Add(_margin);
        }
    }

    /// <summary>The difference in accuracy that does not matter, or null.</summary>
    public double? Margin(ParseResult parsed) => Points(parsed, _margin);

    /// <summary>The side of the split whose images are compared.</summary>
    public Side SideOf(ParseResult parsed) =>
        parsed.GetValue(_imagesOf) == Sides.Word(Side.Test) ? Side.Test : Side.Validation;

    /// <summary>Finds the configurations, at least two.</summary>
    /// <exception cref="InputException">The arguments do not name two.</exception>
    /// <exception cref="LedgerException">No run matches, or its record cannot be read.</exception>
    public IReadOnlyList<Configuration> In(LedgerDatabase ledger, ParseResult parsed)
    {
        string[] named = parsed.GetValue(_configurations)!;
        if (named.Length == 1 && parsed.GetValue(_stage) is not null)
        {
            throw new InputException("--stage needs several configurations: with one, its stages are compared");
        }

        NamedConfiguration[] sides =
            named.Length == 1
                ? NamedConfiguration.StagesOf(named[0])
                : [.. named.Select(text => NamedConfiguration.Parse(text, parsed.GetValue(_stage)))];
        return [.. sides.Select(side => side.In(ledger))];
    }

    /// <summary>Reads what to simulate. The ledger is closed again, because simulations can take long.</summary>
    /// <exception cref="InputException">The two cannot be compared, or there is one patient.</exception>
    public (PairedReadings Paired, double? Margin) ToSimulate(ParseResult parsed)
    {
        using var ledger = LedgerDatabase.OpenForReading(RootOptions.HomeOf(parsed).Ledger);
        IReadOnlyList<Configuration> all = In(ledger, parsed);
        if (all.Count > 2)
        {
            throw new InputException($"two configurations can be simulated, not {all.Count}");
        }

        PairedReadings paired = Comparison.Paired(all[0], all[1], SideOf(parsed));
        return paired.Patients > 1
            ? (paired, Margin(parsed) ?? SpecMargin.Of(all[0], all[1], []))
            : throw new InputException(
                ProblemCodes.NotComparable,
                $"one {paired.Unit} does not show how {paired.Unit}s vary, so nothing can be simulated"
            );
    }

    /// <summary>Returns an option in percentage points as a share, or null if it is not given.</summary>
    /// <exception cref="InputException">It is not between 0 and 100.</exception>
    public static double? Points(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } points ? null
        : double.TryParse(points, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
        && value is > 0 and < 100
            ? value / 100
        : throw new InputException(
            $"{option.Name}: '{OneLine.Of(points)}' is not a number of percentage points between 0 and 100"
        );
}
