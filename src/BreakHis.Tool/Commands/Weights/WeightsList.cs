using System.CommandLine;
using System.Text.Json;
using BreakHis.Runs;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Training.Weights.Known;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Weights;

/// <summary>One file of known weights, as JSON.</summary>
/// <param name="Address">The address, or null if the file is bundled with the tool.</param>
/// <param name="Bytes">Its length, or null if unknown.</param>
/// <param name="Digest">The published digest, or its published part.</param>
/// <param name="Licence">What is known about the licence.</param>
/// <param name="Default">Whether it is the default download.</param>
/// <param name="Path">Its path on this machine, or null if missing.</param>
internal sealed record KnownWeightsLine(
    string Backbone,
    string From,
    string? Address,
    long? Bytes,
    string Digest,
    string Licence,
    string Preprocessing,
    bool Default,
    string? Path
);

/// <summary><c>weights list</c>: lists known weights, and which of them are on this machine.</summary>
internal static class WeightsList
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "One JSON object per line and known file" };
        var command = new Command(
            "list",
            """
            List the known weights of each backbone.
            Prints whether they are on this machine, and the address, size, published digest, licence and preprocessing of each
            file. Contacts no server, and does not check the contents of files.

            Example:
              dotnet breakhis weights list
            """
        )
        {
            json,
        };
        command.SetAction(parsed =>
        {
            string weights = RootOptions.HomeOf(parsed).Weights;
            TextWriter text = StandardStreams.Out;
            foreach (KnownWeights known in KnownWeights.All)
            {
                if (parsed.GetValue(json))
                {
                    PrintJson(text, known, weights);
                }
                else
                {
                    Print(text, known, weights);
                }
            }
        });
        return command;
    }

    private static void Print(TextWriter text, KnownWeights known, string weights)
    {
        text.WriteLine($"{known.Backbone}: {State(known, weights)}");
        foreach (KnownWeightsLine line in Lines(known, weights))
        {
            text.WriteLine($"  {line.From}{(line.Default && known.Published.Count > 1 ? " (the default)" : "")}");
            if (line.Address is not null)
            {
                text.WriteLine($"    address        {line.Address}");
            }

            string size = line.Bytes is long bytes ? Digits.Grouped(bytes) : "unknown";
            text.WriteLine($"    bytes          {size}");
            text.WriteLine($"    digest         {line.Digest}");
            text.WriteLine($"    licence        {line.Licence}");
            text.WriteLine($"    preprocessing  {line.Preprocessing}");
        }

        foreach (string name in KnownWeights.AddedNames(HomeFolder.WeightsOf(weights, known.Backbone)))
        {
            text.WriteLine($"  {name} (added)");
        }

        text.WriteLine();
    }

    private static string State(KnownWeights known, string weights)
    {
        string folder = HomeFolder.WeightsOf(weights, known.Backbone);
        return known.Bundled ? "comes with the tool"
            : known.HasPublished(folder) ? $"in {folder}"
            : $"not here; 'weights fetch {known.Backbone}' downloads them";
    }

    private static IEnumerable<KnownWeightsLine> Lines(KnownWeights known, string weights) =>
        known.Bundled
            ? known.Files.Select(file =>
            {
                var path = new FileInfo(Path.Combine(known.ProgramFolder, file.Name));
                return new KnownWeightsLine(
                    known.Backbone,
                    $"{file.Name} of {known.Origin}",
                    null,
                    path.Exists ? path.Length : null,
                    $"SHA-256 {file.Sha256}",
                    known.Licence,
                    known.Preprocessing,
                    true,
                    path.Exists ? path.FullName : null
                );
            })
            : known.Published.Select(
                (file, i) =>
                {
                    string path = Path.Combine(HomeFolder.WeightsOf(weights, known.Backbone), file.Name);
                    return new KnownWeightsLine(
                        known.Backbone,
                        file.From,
                        file.Address.ToString(),
                        file.Bytes,
                        file.Digest.ToString(),
                        file.Licence,
                        file.Preprocessing,
                        i == 0,
                        File.Exists(path) ? path : null
                    );
                }
            );

    private static void PrintJson(TextWriter text, KnownWeights known, string weights)
    {
        foreach (KnownWeightsLine line in Lines(known, weights))
        {
            text.WriteLine(JsonSerializer.Serialize(line, ToolJson.Default.KnownWeightsLine));
        }
    }
}
