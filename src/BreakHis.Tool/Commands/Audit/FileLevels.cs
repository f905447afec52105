using System.Diagnostics;
using BreakHis.Audit;
using BreakHis.Audit.Artifacts;
using BreakHis.Audit.Inputs;
using BreakHis.Ledger.Reading;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>The audit levels that read files and run nothing: artifacts and inputs.</summary>
/// <param name="cancellation">Stops between two files.</param>
internal sealed class FileLevels(AuditPlace place, IReadOnlyList<AuditLevel> levels, CancellationToken cancellation)
    : IDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private readonly HashedFiles _files = new(new Pace(cancellation).Show);
    private InputChecks? _inputs;

    /// <summary>The checks of a run.</summary>
    public IEnumerable<AuditEntry> Of(RecordedRun run)
    {
        if (levels.Contains(AuditLevel.Artifacts))
        {
            foreach (AuditEntry check in ArtifactChecks.Of(run, place.Home.Run(run.Summary.Id), _files))
            {
                yield return check;
            }
        }

        if (levels.Contains(AuditLevel.Inputs))
        {
            _inputs ??= new InputChecks(place, _files);
            foreach (AuditEntry check in _inputs.Of(run))
            {
                yield return check;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _inputs?.Dispose();

    /// <summary>Reports from time to time how many files have been hashed.</summary>
    private sealed class Pace(CancellationToken cancellation)
    {
        private readonly Stopwatch _sinceLine = Stopwatch.StartNew();
        private readonly Lock _alone = new();

        public void Show(int files)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_alone)
            {
                if (_sinceLine.Elapsed >= Between)
                {
                    StandardStreams.Error.WriteLine(Invariant($"{Plural.Of(files, "file")} hashed"));
                    _sinceLine.Restart();
                }
            }
        }
    }
}
