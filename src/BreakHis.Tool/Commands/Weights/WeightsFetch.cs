using System.CommandLine;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training.Weights.Known;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Weights;

/// <summary><c>weights fetch</c>: downloads known weights.</summary>
internal static class WeightsFetch
{
    /// <summary>The environment variable that forbids downloads.</summary>
    internal const string Offline = "BREAKHIS_OFFLINE";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var backbones = new Argument<string[]>("BACKBONE")
        {
            Description = WeightsCommand.Names(),
            Arity = ArgumentArity.OneOrMore,
        };
        var from = new Option<string?>("--from")
        {
            Description = "The published file to download, as named by 'weights list' [default: the first]",
            HelpName = "NAME",
        };
        Option<string?> output = WeightsCommand.OutOption();
        var quiet = new Option<bool>("--quiet") { Description = "Print results only, no progress" };
        var command = new Command(
            "fetch",
            """
            Download weights from their publishers.
            Uses https only, through HTTPS_PROXY if set. An interrupted download resumes. A file is kept only if it matches the published digest.

            Examples:
              dotnet breakhis weights fetch inception_v3
              dotnet breakhis weights fetch inception_v3 --from keras
            """
        )
        {
            backbones,
            from,
            output,
            quiet,
        };
        command.SetAction(
            async (parsed, _) =>
            {
                using var interruption = new CancelOnSignal();
                KnownWeights[] named = [.. parsed.GetValue(backbones)!.Select(WeightsCommand.Named)];
                foreach (KnownWeights known in named)
                {
                    string folder = WeightsCommand.FolderOf(known, parsed.GetValue(output), RootOptions.HomeOf(parsed));
                    string says = known.Bundled
                        ? $"{known.Backbone}: comes with the tool, in {known.ProgramFolder}"
                        : await Fetch(
                            Choice(known, parsed.GetValue(from)),
                            folder,
                            parsed.GetValue(quiet),
                            interruption.Token
                        );
                    StandardStreams.Out.WriteLine(says);
                }

                return 0;
            }
        );
        return command;
    }

    /// <summary>Downloads missing weights that specs need, before they run.</summary>
    /// <exception cref="InputException">The download failed.</exception>
    public static async Task ForRuns(
        IReadOnlyList<SpecFile> files,
        HomeFolder home,
        bool quiet,
        CancellationToken cancellation
    )
    {
        foreach (
            SpecVariant variant in files
                .SelectMany(file => file.Variants)
                .Where(variant => variant.Spec.Model.Weights == WeightsFrom.ImageNet)
                .DistinctBy(variant => variant.Spec.Model.Backbone, StringComparer.Ordinal)
        )
        {
            var known = KnownWeights.Of(variant.Spec.Model.Backbone);
            string folder = WeightsCommand.FolderOf(known, null, home);
            if (known.Bundled || known.HasPublished(folder) || IsForbidden)
            {
                continue;
            }

            try
            {
                await WeightsCommand.Download(known.Published[0], folder, quiet, cancellation);
            }
            catch (DownloadException e)
            {
                throw new InputException(variant.ProblemAt(ProblemCodes.WeightsDownload, "model.weights", e.Message));
            }
        }
    }

    private static bool IsForbidden => Environment.GetEnvironmentVariable(Offline) is "1" or "true";

    private static PublishedFile Choice(KnownWeights known, string? from) =>
        from is null
            ? known.Published[0]
            : known.Published.FirstOrDefault(file => file.From == from)
                ?? throw new InputException(
                    $"--from: unknown '{from}'; expected one of {string.Join(", ", known.Published.Select(file => file.From))} for {known.Backbone}"
                );

    private static async Task<string> Fetch(
        PublishedFile file,
        string folder,
        bool quiet,
        CancellationToken cancellation
    )
    {
        string target = Path.Combine(folder, file.Name);
        if (!File.Exists(target) && IsForbidden)
        {
            throw new InputException(
                ProblemCodes.WeightsDownload,
                $"{Offline} forbids downloads; unset it, or get {file.Name} from {file.Address} and put it in {folder}"
            );
        }

        try
        {
            await WeightsCommand.Download(file, folder, quiet, cancellation);
        }
        catch (DownloadException e)
        {
            throw new InputException(ProblemCodes.WeightsDownload, e.Message);
        }

        return Invariant(
            $"{target}: {Plural.Bytes(new FileInfo(target).Length)}, matches the published {file.Digest}; SHA-256 {Sha256Hex.OfFile(target)}"
        );
    }
}
