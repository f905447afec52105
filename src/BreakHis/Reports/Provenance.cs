using BreakHis.Ledger;
using BreakHis.Runs;

namespace BreakHis.Reports;

/// <summary>Where the runs come from: what was recorded before their first step, and the files they wrote.</summary>
internal static class Provenance
{
    private static readonly (string Prefix, string Title)[] Groups =
    [
        ("git", "Code"),
        ("tool", "Tool"),
        ("software", "Software"),
        ("machine", "Machine"),
        ("data", "Data"),
        ("weights", "Weights"),
        ("seed", "Seeds"),
        ("seeds", "Seeds"),
    ];

    public static Model Of(IReadOnlyList<RunResult> runs) =>
        new() { ["several"] = runs.Count > 1, ["runs"] = runs.Select(Run).ToList() };

    /// <summary>The tool that made a run, as the ledger has it.</summary>
    public static string Tool(RecordedRun run)
    {
        string? Value(string name) => run.Provenance.FirstOrDefault(entry => entry.Name == name)?.Value;
        string name = Value("tool.name") ?? "BreakHis harness";
        return Value("tool.version") is { } version ? $"{name} {version}" : name;
    }

    private static Model Run(RunResult run) =>
        new()
        {
            ["letter"] = run.Letter,
            ["name"] = run.Label,
            ["is_first"] = run.Index == 0,
            ["groups"] = TheRun(run).Concat(Recorded(run.Run)).ToList(),
            ["texts"] = run.Run.Provenance.Where(IsText).Select(Text).ToList(),
            ["artifacts"] = run.Run.Artifacts.Select(Artifact).ToList(),
        };

    private static IEnumerable<Model> TheRun(RunResult run)
    {
        var line = run.Run.Line;
        List<(string, string)> entries =
        [
            ("id", line.Id),
            ("fingerprint", line.Fingerprint),
            ("spec file", run.Run.SpecFile),
            ("spec hash", run.Run.SpecHash),
            ("seed", Numbers.Plain(line.Seed)),
            ("started", Numbers.Moment(line.StartedAt)),
            ("ended", line.EndedAt is null ? "not ended" : Numbers.Moment(line.EndedAt)),
            .. run
                .Run.Stages.Where(s => s.Features is not null)
                .Select(s =>
                    (
                        $"{s.Name} features",
                        $"{s.Features!.Key}, {(s.Features.FromCache ? "from the cache" : "computed")}, SHA-256 {s.Features.Sha256}"
                    )
                ),
            (
                "images",
                $"{Numbers.Count(run.Run.Images.Count)}: {Numbers.Count(run.Run.Images.Count - run.Validation.Count)} to train on, {Numbers.Count(run.Validation.Count)} to validate on"
            ),
        ];
        yield return Group("Run", entries);
    }

    private static IEnumerable<Model> Recorded(RecordedRun run) =>
        run
            .Provenance.Where(entry => !IsText(entry))
            .GroupBy(entry => Title(entry.Name), StringComparer.Ordinal)
            .OrderBy(group => Place(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Group(group.Key, group.Select(entry => (Rest(entry.Name), entry.Value))));

    private static Model Group(string title, IEnumerable<(string Name, string Value)> entries) =>
        new()
        {
            ["title"] = title,
            ["entries"] = entries
                .Select(entry => new Model { ["name"] = entry.Name, ["value"] = entry.Value })
                .ToList(),
        };

    /// <summary>Whether a value is too long for a table.</summary>
    public static bool IsText(ProvenanceEntry entry) =>
        entry.Value.Contains('\n', StringComparison.Ordinal) || entry.Value.Length > 1000;

    private static string Title(string name)
    {
        string prefix = name.Split('.')[0];
        return Groups.FirstOrDefault(group => group.Prefix == prefix).Title ?? prefix;
    }

    private static int Place(string title)
    {
        int place = Array.FindIndex(Groups, group => group.Title == title);
        return place < 0 ? Groups.Length : place;
    }

    private static string Rest(string name) =>
        name.Contains('.', StringComparison.Ordinal) ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] : name;

    private static Model Text(ProvenanceEntry entry) =>
        new()
        {
            ["name"] = entry.Name,
            ["lines"] = Patch.Length(entry.Value),
            ["pieces"] = Patch.Pieces(entry.Value),
        };

    private static Model Artifact(ArtifactWritten artifact) =>
        new()
        {
            ["path"] = artifact.Path,
            ["name"] = artifact.Name,
            ["bytes"] = Numbers.Bytes(artifact.Bytes),
            ["sha256"] = artifact.Sha256,
        };
}
