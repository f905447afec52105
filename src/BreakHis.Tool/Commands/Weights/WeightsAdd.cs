using System.CommandLine;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training;
using BreakHis.Training.Libtorch;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Known;
using BreakHis.Wording;

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
        var name = new Option<string?>("--name")
        {
            Description = "The name by which specs refer to the weights [default: from PATH]",
            HelpName = "NAME",
        };
        Option<string?> output = WeightsCommand.OutOption();
        var command = new Command(
            "add",
            """
            Add weights in any supported format, under a name.
            Converts them to a .safetensors file that records their origin, hash and preprocessing. Specs refer to them with 'weights: NAME'. A published file is copied as it is, for 'weights: imagenet'.

            Examples:
              dotnet breakhis weights add inception_v3 nsfwjs-4.4.0.tgz --name nsfwjs
              dotnet breakhis weights add inception_v3 inception_v3_google-0cc3c7bd.pth
            """
        )
        {
            backbone,
            path,
            name,
            output,
        };
        command.SetAction(parsed =>
        {
            KnownWeights known = WeightsCommand.Named(parsed.GetValue(backbone)!);
            string? folder = parsed.GetValue(output);
            AddedWeights added = Add(
                parsed.GetValue(path)!,
                known,
                WeightsCommand.FolderOf(known, folder, RootOptions.HomeOf(parsed)),
                parsed.GetValue(name)
            );
            Print(added, folder is null ? added.Name : added.Path);
        });
        return command;
    }

    private static AddedWeights Add(string path, KnownWeights known, string folder, string? name)
    {
        try
        {
            InstalledPyTorch.Load(onlyOwn: false);
            return WeightsAddition.Add(path, known.Backbone, folder, name);
        }
        catch (TrainingException e)
        {
            throw new InputException(ProblemCodes.Training, e.Message);
        }
        catch (WeightsException e)
        {
            throw new InputException(ProblemCodes.Weights, e.Message);
        }
    }

    private static void Print(AddedWeights added, string reference)
    {
        TextWriter text = StandardStreams.Out;
        text.WriteLine($"{added.Path}{(added.IsNew ? "" : ": already there")}");
        text.WriteLine($"  origin         {added.Origin}");
        text.WriteLine($"  SHA-256        {added.Sha256}");
        text.WriteLine($"  preprocessing  {added.Preprocessing}");
        if (added.Head is { } head)
        {
            text.WriteLine(
                $"  head           for {Plural.Of(head.Classes.Count, "class", "classes")}: {Listing.Words(head.Classes)}"
            );
        }

        text.WriteLine($"  model.weights  {reference}");
    }
}
