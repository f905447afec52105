using System.Collections.Concurrent;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Specs.Reading;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that a run's spec has the recorded hash, and that the spec file still says the same. Files that several runs share
/// are read once.
/// </summary>
internal sealed class SpecCheck(AuditPlace place, CodeRepository repository)
{
    private readonly ConcurrentDictionary<string, SpecFile> _specs = new(StringComparer.Ordinal);

    /// <summary>Returns the check.</summary>
    /// <param name="spec">The recorded spec; null if it cannot be read or has been edited.</param>
    public IEnumerable<AuditEntry> Of(RecordedRun run, out ExperimentSpec? spec)
    {
        (spec, CheckResult result) = Result(run);
        return [result.As(AuditLevel.Inputs, "spec", run.Summary.Id)];
    }

    private (ExperimentSpec?, CheckResult) Result(RecordedRun run)
    {
        if (Sha256Hex.OfText(run.Spec) != run.SpecHash)
        {
            return (null, CheckResult.Fail("the hash of the recorded spec does not match"));
        }

        try
        {
            ExperimentSpec spec = CanonicalForm.FromCanonical(run.Spec);
            return (spec, SpecFileOf(run, spec));
        }
        catch (FormatException e)
        {
            return (null, CheckResult.Inconclusive($"the recorded spec cannot be read by this version: {e.Message}"));
        }
    }

    /// <summary>
    /// Checks the spec file. The ledger's copy is the spec that ran; the file may have been edited since, or overridden
    /// with --set. Neither is a fault of the record.
    /// </summary>
    private CheckResult SpecFileOf(RecordedRun run, ExperimentSpec spec)
    {
        string path = SpecPath(run);
        SpecFile file = _specs.GetOrAdd(path, _ => SpecReader.Read(path, [], null));

        // Seed and threads have their own options, and are in the recorded spec.
        bool says = file.Variants.Any(variant =>
            CanonicalForm.HashOf(variant.Spec with { Seeds = spec.Seeds, Threads = spec.Threads }) == run.SpecHash
        );
        return says ? CheckResult.Pass($"the hash of the recorded spec matches, and {run.SpecFile} says the same")
            : File.Exists(path)
                ? CheckResult.Inconclusive(
                    $"{run.SpecFile} differs: it was edited since, or --set changed a value for the run; the spec in the ledger is intact: its hash matches"
                )
            : CheckResult.Inconclusive($"{path} is missing; the spec in the ledger is intact: its hash matches");
    }

    private string SpecPath(RecordedRun run) =>
        Path.IsPathRooted(run.SpecFile) ? run.SpecFile
        : repository.Root is { } root && run.Fact(ProvenanceNames.GitFolder) is { } folder
            ? Path.GetFullPath(Path.Combine(root, folder, Path.GetFileName(run.SpecFile)))
        : Path.GetFullPath(Path.Combine(place.Folder, run.SpecFile));
}
