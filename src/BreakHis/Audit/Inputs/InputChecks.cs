using BreakHis.Audit.Artifacts;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Specs;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the inputs of a run still match the record: spec, images, split, weights, packages, commit and patch.
/// Inputs that several runs share are checked once.
/// </summary>
internal sealed class InputChecks : IDisposable
{
    private readonly HashedFiles _files;
    private readonly CodeRepository _repository;
    private readonly SpecCheck _spec;
    private readonly ImageChecks _images;
    private readonly WeightsCheck _weights;
    private readonly PatchCheck _patch;
    private readonly Lazy<IReadOnlyList<ProvenanceEntry>> _packages = new(SoftwareProvenance.Packages);

    public InputChecks(AuditPlace place, HashedFiles files)
    {
        _files = files;
        _repository = new CodeRepository(place.Folder);
        _spec = new SpecCheck(place, _repository);
        _images = new ImageChecks(place, files);
        _weights = new WeightsCheck(place);
        _patch = new PatchCheck(_repository);
    }

    /// <summary>Returns the checks of a run, each made when it is enumerated.</summary>
    public IEnumerable<AuditEntry> Of(RecordedRun run) => Checks(run).SelectMany(check => check);

    /// <inheritdoc/>
    public void Dispose() => _repository.Dispose();

    private IEnumerable<IEnumerable<AuditEntry>> Checks(RecordedRun run)
    {
        yield return _spec.Of(run, out ExperimentSpec? spec);
        if (spec is not null)
        {
            yield return _images.Of(run, spec);
            yield return _weights.Of(run, spec.Model);
        }

        yield return PackagesCheck.Of(run, _packages.Value, _repository);
        yield return CommitCheck.Of(run, _repository);
        yield return _patch.Of(run);
        yield return OmittedFilesCheck.Of(run, _repository, _files);
    }
}
