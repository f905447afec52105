using System.Globalization;
using BreakHis.Plans;

namespace BreakHis.Reports;

/// <summary>What the other runs share with the baseline, and every setting in which they differ.</summary>
internal static class Differences
{
    private const string Absent = "(not set)";

    public static Model Of(IReadOnlyList<RunResult> runs) =>
        new()
        {
            ["baseline"] = runs[0].Letter,
            ["runs"] = runs.Select(run => new Model
                {
                    ["letter"] = run.Letter,
                    ["colour"] = Palette.Colour(run.Index),
                    ["name"] = run.Run.Line.Name,
                })
                .ToList(),
            ["same"] = Shared(runs),
            ["settings"] = Leaves(runs, run => new SpecDocument(run.Run.Spec).Leaves()),
            ["origins"] = Leaves(runs, Origins),
        };

    private static List<Model> Shared(IReadOnlyList<RunResult> runs)
    {
        (string Name, Func<RunResult, string> Key)[] aspects =
        [
            ("Fingerprint", run => run.Run.Line.Fingerprint),
            ("Specification", run => run.Run.SpecHash),
            ("Seed", run => Numbers.Plain(run.Run.Line.Seed)),
            (
                "Data",
                run =>
                    Joined(
                        run.Run.Images.Select(image => $"{image.Sha256} {run.Run.Classes[image.Class]}")
                            .Order(StringComparer.Ordinal)
                    )
            ),
            (
                "Split",
                run =>
                    Joined(run.Run.Images.Select(image => $"{image.Sha256} {image.Side}").Order(StringComparer.Ordinal))
            ),
            ("Weights", run => Facts(run, "weights", "weights.")),
            ("Software", run => Facts(run, "software", "software.")),
            ("Code", run => Facts(run, null, "git.")),
            ("Machine", run => Facts(run, null, "machine.")),
        ];
        return
        [
            .. aspects.Select(aspect =>
            {
                string[] keys = [.. runs.Select(aspect.Key)];
                return new Model
                {
                    ["name"] = aspect.Name,
                    ["answers"] = runs.Skip(1)
                        .Select((run, place) => Answer(aspect.Name, keys[0], keys[place + 1], runs[0], run))
                        .ToList(),
                };
            }),
        ];
    }

    private static Model Answer(string aspect, string baseline, string own, RunResult first, RunResult run)
    {
        bool known = baseline != "" || own != "";
        bool same = baseline == own;
        return new()
        {
            ["text"] =
                !known ? "not recorded"
                : same ? "same"
                : "differs",
            ["differs"] = known && !same,
            ["detail"] = known && !same && aspect is "Data" or "Split" ? Overlap(first, run) : null,
        };
    }

    private static string Overlap(RunResult first, RunResult run)
    {
        var before = Validation(first);
        var now = Validation(run);
        return $"{Numbers.Count(now.Count(before.Contains))} of {Numbers.Count(now.Count)} validated images in common";
    }

    private static HashSet<string> Validation(RunResult run) =>
        new(
            run.Run.Images.Where(image => image.Side == Side.Validation).Select(image => image.Sha256),
            StringComparer.Ordinal
        );

    /// <summary>What the plan says of a part, but for places on the disk; where it says nothing, what provenance does.</summary>
    private static string Facts(RunResult run, string? planned, string recorded)
    {
        var leaves = new SpecDocument(run.Run.Plan).Leaves();
        string[] plan = planned is null
            ? []
            :
            [
                .. leaves
                    .Where(leaf =>
                        leaf.Key.StartsWith(planned + ".", StringComparison.OrdinalIgnoreCase)
                        && !leaf.Key.EndsWith(".file", StringComparison.OrdinalIgnoreCase)
                    )
                    .Select(leaf => $"{leaf.Key}={leaf.Value}"),
            ];
        return plan.Length > 0
            ? Joined(plan)
            : Joined(
                run.Run.Provenance.Where(e => e.Name.StartsWith(recorded, StringComparison.Ordinal))
                    .Select(e => $"{e.Name}={e.Value}")
            );
    }

    private static string Joined(IEnumerable<string> parts) => string.Join('\n', parts);

    private static SortedDictionary<string, string> Origins(RunResult run)
    {
        var origins = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in run.Run.Provenance)
        {
            origins[entry.Name] =
                entry.Value.Contains('\n', StringComparison.Ordinal) || entry.Value.Length > 200
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Numbers.Count(entry.Value.Split('\n').Length)} lines, below"
                    )
                    : entry.Value;
        }

        return origins;
    }

    private static List<Model> Leaves(
        IReadOnlyList<RunResult> runs,
        Func<RunResult, SortedDictionary<string, string>> of
    )
    {
        SortedDictionary<string, string>[] leaves = [.. runs.Select(of)];
        return
        [
            .. leaves
                .SelectMany(all => all.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Where(path => leaves.Any(all => all.GetValueOrDefault(path) != leaves[0].GetValueOrDefault(path)))
                .Select(path => new Model
                {
                    ["path"] = path,
                    ["cells"] = leaves
                        .Select(all => new Model
                        {
                            ["value"] = all.GetValueOrDefault(path, Absent),
                            ["differs"] = all.GetValueOrDefault(path) != leaves[0].GetValueOrDefault(path),
                        })
                        .ToList(),
                }),
        ];
    }
}
