using BreakHis.Ledger.Heads;
using BreakHis.Runs;

namespace BreakHis.Audit.Record;

/// <summary>Checks that the signed heads of a home folder are signed by allowed signers.</summary>
internal static class SignatureCheck
{
    /// <summary>Returns one check per signature in a home folder.</summary>
    /// <param name="allowedSigners">The allowed signers, in the format of OpenSSH's allowed_signers; null if
    /// unknown.</param>
    public static IEnumerable<AuditEntry> Of(HomeFolder home, string? allowedSigners) =>
        HeadSignature.Files(home).Select(file => Of(HeadSignature.Verify(file, allowedSigners)));

    private static AuditEntry Of((bool? Holds, string Reason) signature) =>
        CheckResult.Of(signature.Holds, signature.Reason).As(AuditLevel.Record, "signatures", null);
}
