using BreakHis.Ledger.Heads;
using BreakHis.Runs;

namespace BreakHis.Audit.Record;

/// <summary>Whether the heads that a home folder holds signed are signed by those who may.</summary>
internal static class SignatureCheck
{
    /// <summary>A check for each signature of a home folder.</summary>
    /// <param name="allowedSigners">Who may sign, in the form of OpenSSH's allowed_signers; null where that is not known.</param>
    public static IEnumerable<AuditCheck> Of(HomeFolder home, string? allowedSigners)
    {
        ArgumentNullException.ThrowIfNull(home);
        return HeadSignature.Files(home).Select(file => Of(HeadSignature.Verify(file, allowedSigners)));
    }

    private static AuditCheck Of((bool? Holds, string Reason) signature) =>
        new CheckResult(
            signature.Holds switch
            {
                true => AuditOutcome.Pass,
                false => AuditOutcome.Fail,
                null => AuditOutcome.Inconclusive,
            },
            signature.Reason
        ).As(AuditLevel.Record, "signatures", null);
}
