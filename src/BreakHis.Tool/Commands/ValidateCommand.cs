using System.CommandLine;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands;

/// <summary><c>validate</c>: reports every error in specs.</summary>
internal static class ValidateCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var specs = new SpecArguments();
        var command = new Command(
            "validate",
            """
            Check specs and report every error.
            Runs nothing and reads no images.

            Example:
              dotnet breakhis validate experiments/quickstart.yaml
            """
        );
        specs.AddTo(command);
        command.SetAction(parsed => Validate(specs.Read(parsed)));
        return command;
    }

    private static int Validate(IReadOnlyList<SpecFile> files)
    {
        foreach (SpecFile file in files.Where(file => file.Problems.Count == 0))
        {
            StandardStreams.Out.WriteLine($"{file.Path}: valid, {Plural.Of(file.Variants.Count, "run")}");
        }

        Problem[] problems = [.. files.SelectMany(file => file.Problems)];
        return problems.Length == 0 ? 0 : Failure.Of(problems);
    }
}
