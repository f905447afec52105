using BreakHis.Runs;
using BreakHis.Training.Weights.Formats;

namespace BreakHis.Training.Weights.Known;

/// <summary>The result of checking a file of weights.</summary>
internal enum WeightsFinding
{
    /// <summary>The file is the expected one.</summary>
    Good,

    /// <summary>No hash is known to check against.</summary>
    Unknown,

    /// <summary>The file is not the expected one, or is unusable.</summary>
    Bad,
}

/// <summary>A checked file of weights.</summary>
/// <param name="Path">The file, or the folder where it should be.</param>
internal sealed record CheckedWeights(string Path, WeightsFinding Finding, string Says);

/// <summary>Verifies files of weights against their known hashes. Needs no torch.</summary>
internal static class WeightsVerification
{
    /// <summary>Checks the files of a backbone's known weights.</summary>
    /// <param name="weightsFolder">
    /// The folder for weights that are not bundled, with one subfolder per backbone.
    /// </param>
    public static IReadOnlyList<CheckedWeights> Of(KnownWeights known, string weightsFolder)
    {
        string folder = HomeFolder.WeightsOf(weightsFolder, known.Backbone);
        IReadOnlyList<string> files = KnownWeights.FilesIn(folder);
        return known.Bundled || files.Count > 0
            ? [.. Bundled(known), .. files.Select(file => InFolder(known, Path.Combine(folder, file)))]
            : [new(folder, WeightsFinding.Unknown, "no file")];
    }

    private static CheckedWeights InFolder(KnownWeights known, string file)
    {
        try
        {
            return Compared(known, file);
        }
        catch (Exception e) when (e is WeightsException or IOException or UnauthorizedAccessException)
        {
            return new CheckedWeights(file, WeightsFinding.Bad, e.Message);
        }
    }

    private static IEnumerable<CheckedWeights> Bundled(KnownWeights known)
    {
        try
        {
            return known.Bundled ? known.In(known.ProgramFolder).Files.Select(file => Bundled(known, file)) : [];
        }
        catch (WeightsException e)
        {
            return [new(known.ProgramFolder, WeightsFinding.Bad, e.Message)];
        }
    }

    private static CheckedWeights Bundled(KnownWeights known, string file) =>
        new(
            file,
            WeightsFinding.Good,
            $"comes with the tool; SHA-256 {known.Files.First(f => f.Name == Path.GetFileName(file)).Sha256}"
        );

    private static CheckedWeights Compared(KnownWeights known, string file)
    {
        WeightsSource.CheckKind(file);
        PublishedFile? published = known.Published.FirstOrDefault(p => p.Name == Path.GetFileName(file));
        if (published?.Misfit(file) is string misfit)
        {
            return Finding(WeightsFinding.Bad, $"not the file published by {published.From}: {misfit}");
        }

        string? recorded = HashRecord.Read(file);
        string found = WeightsSource.HashOf(file);
        return recorded is not null && recorded != found
                ? Finding(WeightsFinding.Bad, $"changed: its SHA-256 is {found}, recorded: {recorded}")
            : recorded is not null ? Finding(WeightsFinding.Good, $"matches the record; SHA-256 {found}")
            : published is not null
                ? Finding(WeightsFinding.Good, $"matches the published {published.Digest}; SHA-256 {found}")
            : Finding(WeightsFinding.Unknown, $"no recorded hash to compare with; SHA-256 {found}");

        CheckedWeights Finding(WeightsFinding finding, string says) => new(file, finding, says);
    }
}
