using System.CommandLine;
using BreakHis.Tool.Options;

namespace BreakHis.Tool.Commands.Compare;

/// <summary>What to simulate, as all commands that simulate comparisons name it.</summary>
/// <param name="verb">What the command does with the difference, such as "find".</param>
/// <param name="each">Of what there are so many simulations, such as "kind".</param>
internal sealed class SimulationOptions(string verb, string each)
{
    private const double DefaultDifference = 0.05;
    private const int DefaultCount = 1_000;

    /// <summary>The difference in accuracy.</summary>
    public Option<string?> Difference { get; } =
        new("--difference")
        {
            Description = $"Difference in accuracy to {verb}, in percentage points [default: 5]",
            HelpName = "POINTS",
        };

    /// <summary>The number of simulations.</summary>
    public Option<int?> Count { get; } =
        new("--simulations")
        {
            Description = $"Simulations of each {each}, 100 to 100000 [default: 1000]",
            HelpName = "N",
            CustomParser = NumberArgument.Between(100, 100_000),
        };

    /// <summary>The difference in accuracy, above 0 and below 1.</summary>
    public double DifferenceOf(ParseResult parsed) => ComparedOptions.Points(parsed, Difference) ?? DefaultDifference;

    /// <summary>The number of simulations.</summary>
    public int CountOf(ParseResult parsed) => parsed.GetValue(Count) ?? DefaultCount;
}
