using System.CommandLine;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Tool.Commands.Weights;

/// <summary><c>weights add</c>: adds weights of any format to the weights folder.</summary>
internal static class WeightsAdd
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        Argument<string> backbone = WeightsCommand.BackboneArgument();
        var path = new Argument<string>("PATH")
        {
            Description = "A weights file or folder, or an npm package (.tgz) with a TensorFlow.js layers model",
        };
        Option<string?> output = WeightsCommand.OutOption();
        var command = new Command(
            "add",
            """
            Add weights in any supported format.
            Converts them to a .safetensors file that records their origin, hash and preprocessing. From then on, 'weights: imagenet' means these weights for the backbone.

            Examples:
              dotnet breakhis weights add inception_v3 nsfwjs-4.4.0.tgz
              dotnet breakhis weights add inception_v3 inception_v3_google-0cc3c7bd.pth
            """
        )
        {
            backbone,
            path,
            output,
        };
        command.SetAction(parsed =>
        {
            KnownWeights known = WeightsCommand.Named(parsed.GetValue(backbone)!);
            string? named = parsed.GetValue(output);
            if (known.Bundled && named is null)
            {
                throw new InputException(
                    $"{known.Backbone}: its ImageNet weights come with the tool; choose a folder with --out, and set model.weights in the spec to the file"
                );
            }

            Print(
                Add(parsed.GetValue(path)!, known, WeightsCommand.FolderOf(known, named, RootOptions.HomeOf(parsed)))
            );
        });
        return command;
    }

    private static AddedWeights Add(string path, KnownWeights known, string folder)
    {
        try
        {
            return WeightsAddition.Add(path, known.Backbone, folder);
        }
        catch (WeightsException e)
        {
            throw new InputException(ProblemCodes.Weights, e.Message);
        }
    }

    private static void Print(AddedWeights added)
    {
        TextWriter text = StandardStreams.Out;
        text.WriteLine($"{added.Path}{(added.IsNew ? "" : ": already there")}");
        text.WriteLine($"  origin         {added.Origin}");
        text.WriteLine($"  SHA-256        {added.Sha256}");
        text.WriteLine($"  preprocessing  {added.Preprocessing}");
    }
}
