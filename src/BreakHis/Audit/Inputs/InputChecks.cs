using System.Collections.Concurrent;
using BreakHis.Audit.Artifacts;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the inputs of a run still match the record: spec, images, split, weights, packages, commit and patch.
/// Inputs that several runs share are checked once.
/// </summary>
internal sealed class InputChecks(AuditPlace place, HashedFiles files) : IDisposable
{
    private readonly ImageChecks _images = new(place, files);
    private readonly GitChecks _git = new(place.Folder);
    private readonly ConcurrentDictionary<string, SpecFile> _specs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _weights = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> _known = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<ProvenanceEntry>> _packages = new(SoftwareProvenance.Packages);

    /// <summary>Returns the checks of a run.</summary>
    public IEnumerable<AuditEntry> Of(RecordedRun run)
    {
        string id = run.Summary.Id;
        (ExperimentSpec? spec, CheckResult result) = Spec(run);
        yield return result.As(AuditLevel.Inputs, "spec", id);
        if (spec is not null)
        {
            foreach (AuditEntry check in _images.Of(run, spec))
            {
                yield return check;
            }

            yield return Weights(run, spec).As(AuditLevel.Inputs, "weights", id);
        }

        yield return PackageChecks.Of(run, _packages.Value, _git).As(AuditLevel.Inputs, "packages", id);
        yield return _git.Commit(run).As(AuditLevel.Inputs, "commit", id);
        if (_git.Patch(run) is { } patch)
        {
            yield return patch.As(AuditLevel.Inputs, "patch", id);
        }

        if (_git.NotInPatch(run, files) is { } left)
        {
            yield return left.As(AuditLevel.Inputs, "left out of the patch", id);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _git.Dispose();

    private (ExperimentSpec?, CheckResult) Spec(RecordedRun run)
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
        : _git.Root is { } root && run.Fact(ProvenanceNames.GitFolder) is { } folder
            ? Path.GetFullPath(Path.Combine(root, folder, Path.GetFileName(run.SpecFile)))
        : Path.GetFullPath(Path.Combine(place.Folder, run.SpecFile));

    private CheckResult Weights(RecordedRun run, ExperimentSpec spec)
    {
        string? sha256 = run.Fact(ProvenanceNames.WeightsSha256);
        if (run.Given(ProvenanceNames.WeightsFile) is not string recorded)
        {
            return sha256 == ProvenanceValues.None
                ? CheckResult.Pass("no file: the weights are drawn from the seed")
                : CheckResult.Inconclusive("no weights file is recorded");
        }

        foreach (string path in PlacesOf(run, recorded, spec.Model))
        {
            if (HashAt(path) is string found)
            {
                return found == sha256
                    ? CheckResult.Pass($"{path}: the hash matches")
                    : CheckResult.Fail(
                        $"{path}: the hash does not match: recorded {ShortHash.Dotted(sha256 ?? ProvenanceValues.None)}, found {ShortHash.Dotted(found)}"
                    );
            }
        }

        return CheckResult.Inconclusive(
            $"{recorded} is missing or cannot be read as weights; give its new location with --weights"
        );
    }

    /// <summary>
    /// Returns the paths where a run's weights may be. Each is checked only if the previous ones have no weights,
    /// because the files are large.
    /// </summary>
    private IEnumerable<string> PlacesOf(RecordedRun run, string recorded, ModelSpec model)
    {
        if (place.Weights is not null)
        {
            yield return place.Weights;
        }

        yield return recorded;
        if (place.KeptWeights(run) is string kept)
        {
            yield return kept;
        }

        if (model.Weights != WeightsFrom.ImageNet)
        {
            yield break;
        }

        if (_known.GetOrAdd(model.Backbone, _ => place.KnownWeights(model.Backbone)) is string known)
        {
            yield return known;
        }
    }

    private string? HashAt(string path) => _weights.GetOrAdd(path, _ => place.WeightsAt(path));
}
