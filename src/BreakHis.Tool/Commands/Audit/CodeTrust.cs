using BreakHis.Audit.Inputs;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Specs.Problems;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>How the user lets an audit execute recorded code.</summary>
/// <param name="Place">The locations of images and weights.</param>
/// <param name="TrustsCode">Whether the code may be executed although something speaks against it.</param>
/// <param name="Sandboxed">Whether all recorded code is to be executed in a sandbox, not only that of others.</param>
internal sealed record CodeTrust(AuditPlace Place, bool TrustsCode, bool Sandboxed)
{
    /// <summary>The sandbox for the code of a run; null if it needs none, or if bubblewrap is not installed.</summary>
    /// <exception cref="InputException">The user asked for a sandbox, and there is none.</exception>
    public Sandbox? SandboxOf(RecordedRun run, RecordedCode code)
    {
        bool isWanted = Sandboxed || !run.Summary.IsMadeHere;
        return !isWanted ? null
            : Sandbox.IsInstalled ? Sandbox.Of(run, code, Place)
            : Sandboxed ? throw new InputException("--sandbox needs bubblewrap (the program bwrap); install it")
            : null;
    }
}
