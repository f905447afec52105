using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Reports.Templates;
using BreakHis.Runs;
using BreakHis.Wording;

namespace BreakHis.Reports.Sections;

/// <summary>The origin of the runs: what was recorded before their first step, and the files they wrote.</summary>
internal static class ProvenanceSection
{
    private static readonly (string Name, string Title)[] Groups =
    [
        (ProvenanceGroups.Git, "Code"),
        (ProvenanceGroups.Command, "Command"),
        (ProvenanceGroups.Tool, "Tool"),
        (ProvenanceGroups.Compute, "Software"),
        (ProvenanceGroups.Runtime, "Runtime"),
        (ProvenanceGroups.Machine, "Machine"),
        (ProvenanceGroups.Environment, "Environment"),
        (ProvenanceGroups.Removed, "Ignored environment variables"),
        (ProvenanceGroups.Data, "Data"),
        (ProvenanceGroups.Split, SplitChecks),
        (ProvenanceGroups.Weights, "Weights"),
        (ProvenanceGroups.Seed, "Seeds"),
        (ProvenanceGroups.Module, "Assemblies"),
        (ProvenanceGroups.Package, "Packages"),
        (ProvenanceGroups.Packages, "Packages"),
    ];

    private const string SplitChecks = "Split checks";

    private const int LongGroup = 12;

    private const int MostFiles = 50;

    public static TemplateModel Of(IReadOnlyList<RunResult> runs) =>
        new() { ["several"] = runs.Count > 1, ["runs"] = runs.Select(Run).ToList() };

    private static TemplateModel Run(RunResult run)
    {
        ILookup<bool, Group> groups = Recorded(run.Run)
            .Prepend(TheRun(run))
            .ToLookup(group => group.Entries.Count > LongGroup);
        return new()
        {
            ["letter"] = run.Letter,
            ["name"] = run.Label,
            ["is_first"] = run.Index == 0,
            ["groups"] = groups[false].Select(group => group.Draw()).ToList(),
            ["long_groups"] = groups[true].Select(group => group.Draw()).ToList(),
            ["texts"] = run.Run.Provenance.Where(IsText).Concat(LeftOut(run.Run)).Select(Text).ToList(),
            ["artifacts"] = run.Run.Artifacts.Select(Artifact).ToList(),
        };
    }

    private static Group TheRun(RunResult run)
    {
        RunSummary line = run.Run.Summary;
        string all = NumberFormat.Count(run.Run.Images.Count);
        IEnumerable<string> counts = Sides
            .In(run.Run.Images.Select(image => image.Side))
            .Select(side =>
                $"{NumberFormat.Count(run.Run.Images.Count(i => i.Side == side))} for {Sides.Purpose(side)}"
            );
        return new(
            "Run",
            [
                ("id", line.Id),
                ("fingerprint", line.Fingerprint),
                ("spec file", run.Run.SpecFile),
                ("spec hash", run.Run.SpecHash),
                ("seed", Digits.Of(line.Seed)),
                ("started", NumberFormat.Moment(line.StartedAt)),
                .. line.Import is { } import ? (ReadOnlySpan<(string, string)>)[("imported", Imported(import))] : [],
                ("ended", line.EndedAt is null ? "not ended" : NumberFormat.Moment(line.EndedAt)),
                .. run.Run.Stages.Select(stage => stage.Features).OfType<FeaturesReady>().Select(Features),
                ("images", $"{all}: {string.Join(", ", counts)}"),
                .. run.Run.Chain is { } chain ? Chain(chain) : [],
            ]
        );
    }

    private static string Imported(RunImport import) =>
        $"{NumberFormat.Moment(import.At)} from {import.From}, ledger {import.Ledger ?? "unknown"}";

    private static (string, string)[] Chain(RunChain chain) =>
        [
            ("records", $"{NumberFormat.Count(chain.Records)}, the last with SHA-256 {chain.Hash}"),
            (
                "ledger",
                $"{NumberFormat.Count(chain.Ledger.Records)} records up to the run's last one, head {chain.Ledger.Head}"
            ),
        ];

    private static (string, string) Features(FeaturesReady features) =>
        (
            $"{features.Stage} features",
            $"{features.Key}, {(features.FromCache ? "from the cache" : "computed")}, SHA-256 {features.Sha256}"
        );

    private static IEnumerable<Group> Recorded(RecordedRun run)
    {
        IEnumerable<(string Title, string Name, string Value)> entries =
        [
            .. run
                .Provenance.Where(entry => !IsText(entry))
                .Select(entry => (Title(entry), entry.NameInGroup, entry.Value)),
            .. Changed(run).Select(entry => (Title(new(ProvenanceNames.GitPatch, "")), entry.Name, entry.Value)),
            .. run.SplitChecks.Select(check => (SplitChecks, check.Name, check.Line())),
        ];
        return entries
            .GroupBy(entry => entry.Title, entry => (entry.Name, entry.Value), StringComparer.Ordinal)
            .OrderBy(group => Place(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Group(group.Key, [.. group]));
    }

    /// <summary>Returns which files differed from the commit, with and without their contents.</summary>
    private static IEnumerable<(string Name, string Value)> Changed(RecordedRun run)
    {
        if (run.Fact(ProvenanceNames.GitPatch) is string patch)
        {
            yield return ("changed files", Listing.Words(Patch.Files(patch), MostFiles));
        }

        if (run.Fact(ProvenanceNames.GitNotInPatch) is string text && OmittedFile.From(text) is { } omitted)
        {
            string[] files = [.. omitted.Select(file => $"{file.Path} ({file.Reason})")];
            yield return ("changed, contents not recorded", string.Join("; ", Listing.Lines(files, MostFiles)));
        }
    }

    /// <summary>Returns the paths of all files of the data set that were not used.</summary>
    private static IEnumerable<ProvenanceEntry> LeftOut(RecordedRun run)
    {
        string[] lines =
        [
            .. (RecordedPlan.OrNull(run.Plan)?.LeftOutFiles ?? []).SelectMany(kind =>
                kind.Paths.Select(path => $"  {path}").Prepend($"{kind.Kind}:")
            ),
        ];
        return lines.Length > 0 ? [new("files left out", string.Join('\n', lines))] : [];
    }

    /// <summary>Returns whether a value is too long for a table.</summary>
    public static bool IsText(ProvenanceEntry entry) =>
        entry.Value.Contains('\n', StringComparison.Ordinal) || entry.Value.Length > 1000;

    private static string Title(ProvenanceEntry entry) =>
        Groups.FirstOrDefault(group => group.Name == entry.Group).Title ?? entry.Group.TrimEnd('.');

    private static int Place(string title)
    {
        int place = Array.FindIndex(Groups, group => group.Title == title);
        return place < 0 ? Groups.Length : place;
    }

    private static TemplateModel Text(ProvenanceEntry entry) =>
        new()
        {
            ["name"] = entry.Name,
            ["lines"] = Patch.Length(entry.Value),
            ["pieces"] = Patch.Pieces(entry.Value),
        };

    private static TemplateModel Artifact(ArtifactWritten artifact) =>
        new()
        {
            ["path"] = artifact.Path,
            ["name"] = artifact.Name,
            ["bytes"] = NumberFormat.Bytes(artifact.Bytes),
            ["sha256"] = artifact.Sha256,
        };

    /// <summary>Entries with a common title.</summary>
    private sealed record Group(string Title, IReadOnlyList<(string Name, string Value)> Entries)
    {
        public TemplateModel Draw() =>
            new()
            {
                ["title"] = Title,
                ["count"] = NumberFormat.Count(Entries.Count),
                ["entries"] = Entries
                    .Select(entry => new TemplateModel { ["name"] = entry.Name, ["value"] = entry.Value })
                    .ToList(),
            };
    }
}
