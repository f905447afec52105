using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs;

namespace BreakHis.Audit.Inputs;

/// <summary>The places where an audit looks for the inputs of runs.</summary>
/// <param name="Home">The home folder with the run folders.</param>
/// <param name="Folder">The current folder; commits are looked up in its git repository.</param>
/// <param name="Data">The folder of the images if it is no longer the recorded one; or null.</param>
/// <param name="Weights">The weights if they are no longer at the recorded path; or null.</param>
/// <param name="WeightsAt">Returns the SHA-256 over the weights at a path, as plans record it; null if there are no
/// readable weights.</param>
/// <param name="KnownWeights">Returns the path of a backbone's weights that come with the tool or are in the home
/// folder, or null.</param>
internal sealed record AuditPlace(
    HomeFolder Home,
    string Folder,
    string? Data,
    string? Weights,
    Func<string, string?> WeightsAt,
    Func<string, string?> KnownWeights
)
{
    /// <summary>The path, below the home folder, of weights that another run kept; null if a run's are not such.</summary>
    public string? KeptWeights(RecordedRun run) =>
        Path.GetFileName(run.Given(ProvenanceNames.WeightsRun)) is string id
        && HexName.Is(id, RunFolder.IdDigits)
        && run.Given(ProvenanceNames.WeightsFile) is string file
            ? Home.Run(id).File(RunFolder.WeightsFile(StageNames.FineTune, Path.GetFileName(file)))
            : null;
}
