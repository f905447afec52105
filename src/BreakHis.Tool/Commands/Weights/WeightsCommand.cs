using System.CommandLine;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Tool.Commands.Weights;

/// <summary><c>weights</c>: manages the weights that specs refer to by name. Only <c>add</c> loads torch.</summary>
internal static class WeightsCommand
{
    /// <summary>Creates the command and its subcommands.</summary>
    public static Command Create() =>
        new(
            "weights",
            """
            List, download, convert and verify pretrained weights.
            Specs refer to these weights with 'weights: imagenet' or 'weights: NAME'.

            Examples:
              dotnet breakhis weights list
              dotnet breakhis weights fetch inception_v3
              dotnet breakhis weights add inception_v3 nsfwjs-4.4.0.tgz --name nsfwjs
              dotnet breakhis weights verify
            """
        )
        {
            WeightsList.Create(),
            WeightsFetch.Create(),
            WeightsAdd.Create(),
            WeightsVerify.Create(),
        };

    /// <summary>An argument for a backbone's name.</summary>
    public static Argument<string> BackboneArgument() => new("BACKBONE") { Description = Names() };

    /// <summary>The backbones' names, for descriptions.</summary>
    public static string Names() => string.Join(", ", KnownWeights.All.Select(known => known.Backbone));

    /// <summary>The known weights of a backbone named by the user.</summary>
    /// <exception cref="InputException">There is no such backbone.</exception>
    public static KnownWeights Named(string backbone) =>
        KnownWeights.All.FirstOrDefault(known => known.Backbone == backbone)
        ?? throw new InputException(
            $"unknown backbone '{backbone}'; expected one of {Names()}{NearestName.Question(backbone, KnownWeights.All.Select(k => k.Backbone))}"
        );

    /// <summary>The folder for a backbone's weights: the user's choice, else a folder in the home folder.</summary>
    public static string FolderOf(KnownWeights known, string? named, HomeFolder home) =>
        named is null ? HomeFolder.WeightsOf(home.Weights, known.Backbone) : Path.GetFullPath(named);

    /// <summary>The option for another folder.</summary>
    public static Option<string?> OutOption() =>
        new Option<string?>("--out")
        {
            Description =
                "Folder to write to instead of the weights folder; specs must then give the path of the file in model.weights",
            HelpName = "DIR",
        }.WritesFolder();

    /// <summary>Downloads a file and shows the progress.</summary>
    /// <exception cref="DownloadException">The download failed.</exception>
    public static Task<string> Download(
        PublishedFile file,
        string folder,
        bool quiet,
        CancellationToken cancellation
    ) =>
        quiet
            ? Training.Weights.Known.Download.ToFolder(file, folder, _ => { }, cancellation)
            : DownloadView.Show(
                file,
                progress => Training.Weights.Known.Download.ToFolder(file, folder, progress, cancellation)
            );
}
