using BreakHis.Data;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Run;

/// <summary>Compares the images of planned runs, to find leaks between the sides of a split.</summary>
internal static class SplitInspection
{
    /// <summary>The runs with all checks of their splits. Each set of images is inspected only once.</summary>
    /// <param name="keep">Whether to write digests of images to the cache.</param>
    /// <exception cref="InputException">An image cannot be decoded.</exception>
    public static async Task<IReadOnlyList<PlannedRun>> At(
        IReadOnlyList<PlannedRun> planned,
        HomeFolder home,
        bool keep,
        bool quiet,
        CancellationToken cancellation
    )
    {
        var known = new Dictionary<string, IReadOnlyList<LeakCheck>>(StringComparer.Ordinal);
        List<PlannedRun> inspected = [];
        foreach (PlannedRun run in planned)
        {
            DataPlan data = run.Plan.Data;
            string key = KeyOf(data);
            if (!known.TryGetValue(key, out IReadOnlyList<LeakCheck>? checks))
            {
                checks = await Checks(run, home, keep, quiet, cancellation);
                known.Add(key, checks);
            }

            inspected.Add(run with { Checks = [.. checks, .. WeightsLeaks.Of(run.Plan)] });
        }

        return inspected;
    }

    private static async Task<IReadOnlyList<LeakCheck>> Checks(
        PlannedRun run,
        HomeFolder home,
        bool keep,
        bool quiet,
        CancellationToken cancellation
    )
    {
        IReadOnlyList<PlannedImage> images = run.Plan.Data.Images;
        try
        {
            return LeakChecks.Of(
                images,
                await ProgressCounter.Show(
                    "comparing images",
                    images.DistinctBy(image => image.Sha256, StringComparer.Ordinal).Count(),
                    quiet,
                    advance =>
                        DigestCache.Of(home, images, run.Pictures, SoftwareOf(run.Plan), keep, advance, cancellation)
                )
            );
        }
        catch (DataException e)
        {
            throw new InputException(run.ProblemAt(ProblemCodes.Data, e.Setting, e.Message));
        }
    }

    /// <summary>Every member of every image, since checks may read any of them.</summary>
    private static string KeyOf(DataPlan data) => Sha256Hex.OfText(string.Join('\n', data.Images));

    private static Dictionary<string, string> SoftwareOf(Plan plan) =>
        plan
            .Software.Where(entry => SoftwareNames.OfPictures.Contains(entry.Key, StringComparer.Ordinal))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>The leaks of all runs, as problems at their specs' splits.</summary>
    public static Problem[] Leaks(IReadOnlyList<PlannedRun> planned) =>
        [
            .. planned
                .SelectMany(run =>
                    run.Checks.Where(check => check.Verdict == LeakVerdict.Leak)
                        .Select(check => run.ProblemAt(ProblemCodes.Leak, "data.split", check.Text))
                )
                .Distinct(),
        ];
}
