using System.CommandLine;
using System.Diagnostics;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Tool.Commands.Weights;

/// <summary><c>weights verify</c>: verifies the hashes of the weights on this machine.</summary>
internal static class WeightsVerify
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var backbones = new Argument<string[]>("BACKBONE")
        {
            Description = $"{WeightsCommand.Names()} [default: all]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command(
            "verify",
            """
            Verify local weights by their hashes.
            Compares them with the published digests and with the hashes recorded when they were added. Exits with 1 if a
            file does not match.

            Example:
              dotnet breakhis weights verify
            """
        )
        {
            backbones,
        };
        command.SetAction(parsed =>
        {
            string weights = RootOptions.HomeOf(parsed).Weights;
            string[] named = parsed.GetValue(backbones) ?? [];
            CheckedWeights[] found =
            [
                .. (named.Length == 0 ? KnownWeights.All : [.. named.Select(WeightsCommand.Named)]).SelectMany(known =>
                    WeightsVerification.Of(known, weights)
                ),
            ];
            foreach (CheckedWeights file in found)
            {
                string mark = file.Finding switch
                {
                    WeightsFinding.Good => CheckMark.Ok,
                    WeightsFinding.Unknown => CheckMark.Note,
                    WeightsFinding.Bad => CheckMark.Wrong,
                    _ => throw new UnreachableException($"unknown: {file.Finding}"),
                };
                StandardStreams.Out.WriteLine($"{mark}  {file.Path}: {file.Says}");
            }

            return found.Any(file => file.Finding == WeightsFinding.Bad) ? Failure.Found : 0;
        });
        return command;
    }
}
