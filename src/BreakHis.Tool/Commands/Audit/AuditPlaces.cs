using BreakHis.Audit.Inputs;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Locations of images and weights for audits. Needs no torch, because weights are only hashed.</summary>
internal static class AuditPlaces
{
    /// <summary>The locations of a home folder, with the user's overrides.</summary>
    /// <param name="data">The image folder, or null for the recorded one.</param>
    /// <param name="weights">The weights, or null for the recorded ones.</param>
    public static AuditPlace Of(HomeFolder home, string? data, string? weights)
    {
        foreach (string named in ((string?[])[data, weights]).OfType<string>())
        {
            if (!Path.Exists(named))
            {
                throw new InputException($"{named}: no such file or folder");
            }
        }

        return new AuditPlace(
            home,
            Directory.GetCurrentDirectory(),
            data is null ? null : Path.GetFullPath(data),
            weights is null ? null : Path.GetFullPath(weights),
            path => Readable(() => WeightsSource.Find(path).Sha256()),
            backbone => Readable(() => KnownWeights.Find(backbone, home.Weights).Files[0])
        );
    }

    private static string? Readable(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is WeightsException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
