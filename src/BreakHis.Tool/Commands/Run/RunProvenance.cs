using BreakHis.Data.Sources;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Runs;
using BreakHis.Training.Stages;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Run;

/// <summary>The provenance of a run, recorded before its first step.</summary>
internal static class RunProvenance
{
    /// <summary>Gathers the provenance.</summary>
    /// <param name="code">The code that the run's spec belongs to.</param>
    public static IReadOnlyList<ProvenanceEntry> Gather(Plan plan, CodeState code, IReadOnlyList<string> commandLine) =>
        [.. Entries(plan, code, commandLine).Select(RecordableEntry.Of)];

    private static IEnumerable<ProvenanceEntry> Entries(Plan plan, CodeState code, IReadOnlyList<string> commandLine) =>
        [
            .. code.Entries,
            .. MachineProvenance.Gather(commandLine),
            .. Software(),
            .. plan.Software.Select(entry => new ProvenanceEntry(ProvenanceGroups.Compute + entry.Key, entry.Value)),
            .. plan.RemovedVariables.Select(v => new ProvenanceEntry(ProvenanceGroups.Removed + v.Name, v.Value)),
            new(ProvenanceNames.ToolSdk, ToolVersion.Sdk),
            new(ProvenanceNames.DataContentSha256, plan.Data.ContentHash),
            new(ProvenanceNames.DataFolder, plan.Data.Folder ?? ProvenanceValues.InMemory),
            new(ProvenanceNames.DataSynthetic, YesNo.Of(IsSynthetic(plan))),
            new(ProvenanceNames.DataSplitFile, plan.Data.SplitFile ?? ProvenanceValues.None),
            new(ProvenanceNames.DataSplitSha256, plan.Data.SplitHash),
            new(ProvenanceNames.SeedRun, Digits.Of(plan.Seed)),
            new(ProvenanceNames.SeedSplit, Digits.Of(plan.Spec.Data.Split.Seed)),
            new(ProvenanceNames.WeightsFile, plan.Weights.File ?? ProvenanceValues.None),
            new(ProvenanceNames.WeightsOrigin, plan.Weights.Origin),
            .. plan.Weights.Run is string run ? (ProvenanceEntry[])[new(ProvenanceNames.WeightsRun, run)] : [],
            new(ProvenanceNames.WeightsSha256, plan.Weights.Sha256),
        ];

    /// <summary>The code that the run's spec belongs to.</summary>
    /// <param name="home">The home folder. Output of earlier runs is not part of the code.</param>
    /// <param name="recordUntracked">Whether the patch contains all untracked files, not only code.</param>
    public static CodeState Code(Plan plan, HomeFolder home, bool recordUntracked) =>
        GitProvenance.Read(
            Path.GetDirectoryName(Path.GetFullPath(plan.SpecFile))!,
            recordUntracked,
            NotCode(plan, home)
        );

    /// <summary>
    /// This tool: its version, its packages, and the identities of the assemblies that affect results.
    /// </summary>
    public static IReadOnlyList<ProvenanceEntry> Software() =>
        SoftwareProvenance.Gather(
            ToolVersion.Text,
            [typeof(Plan).Assembly, typeof(Execution).Assembly, typeof(RunProvenance).Assembly]
        );

    private static bool IsSynthetic(Plan plan) =>
        plan.Data.Folder is null || SyntheticSource.IsMarked(plan.Data.Folder);

    /// <summary>
    /// Paths to leave out of a patch. Images and weights are recorded by their hashes, and results can be reproduced.
    /// </summary>
    private static string[] NotCode(Plan plan, HomeFolder home) =>
        [
            home.Path,
            ReportCommand.DefaultFolder(),
            .. ((string?[])[plan.Data.Folder, plan.Weights.File]).OfType<string>(),
        ];
}
