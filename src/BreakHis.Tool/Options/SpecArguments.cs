using System.CommandLine;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;

namespace BreakHis.Tool.Options;

/// <summary>The specs on a command line, with <c>--set</c> and <c>--seeds</c>.</summary>
/// <param name="one">Whether the command takes only one spec.</param>
/// <param name="withSeeds">Whether the seeds of runs matter to it.</param>
internal sealed class SpecArguments(bool one = false, bool withSeeds = true)
{
    private readonly Argument<string[]> _specs = new("SPEC")
    {
        Description = one ? "Experiment spec (YAML file)" : "Experiment specs (YAML files)",
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
        Arity = one ? ArgumentArity.ExactlyOne : ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Override a setting, such as stages.bottleneck.epochs=5; repeatable",
        HelpName = "PATH=VALUE",
    };

    private readonly Option<string?> _seeds = new("--seeds")
    {
        Description = "Seeds to use instead of the spec's, such as 1..5 or 1,3",
        HelpName = "SEEDS",
    };

    /// <summary>Adds the arguments and options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_specs);
        command.Options.Add(_set);
        if (withSeeds)
        {
            command.Options.Add(_seeds);
        }
    }

    /// <summary>Reads the specs.</summary>
    /// <exception cref="InputException">The seeds cannot be parsed.</exception>
    public IReadOnlyList<SpecFile> Read(ParseResult parsed, params IEnumerable<string> furtherSets)
    {
        string[] paths = parsed.GetValue(_specs)!;
        string[] sets = [.. parsed.GetValue(_set) ?? [], .. furtherSets];
        IReadOnlyList<long>? seeds = withSeeds && parsed.GetValue(_seeds) is string text ? Seeds(text) : null;
        return [.. paths.Select(path => SpecReader.Read(path, sets, seeds))];
    }

    private static IReadOnlyList<long> Seeds(string text)
    {
        (IReadOnlyList<long> seeds, Problem? problem) = SeedList.Parse(text);
        return problem is null ? seeds : throw new InputException(problem);
    }
}
