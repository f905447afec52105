using BreakHis.Ledger.Heads;
using BreakHis.Runs;

namespace BreakHis.Audit.Record;

/// <summary>Checks that signed heads, of a home folder and in git notes, are signed by allowed signers.</summary>
internal static class SignatureCheck
{
    /// <summary>Returns one check per signature in a home folder.</summary>
    /// <param name="allowedSigners">The allowed signers, in the format of OpenSSH's allowed_signers; null if
    /// unknown.</param>
    public static IEnumerable<AuditEntry> Of(HomeFolder home, string? allowedSigners) =>
        HeadSignature.Files(home).Select(file => Of(HeadSignature.Verify(file, allowedSigners)));

    /// <summary>
    /// Returns one check per signed git note, if signers are known. A note of another ledger may be signed by somebody
    /// else.
    /// </summary>
    /// <param name="ledger">The ID of this ledger.</param>
    public static IEnumerable<AuditEntry> OfNotes(IEnumerable<KnownHead> known, string? ledger) =>
        known
            .Where(head => head.Note?.Check is not null)
            .Select(head => (head.Ledger, Check: head.Note!.Check!.Value))
            .Select(note =>
                Of((note.Check.Holds == false && note.Ledger != ledger ? null : note.Check.Holds, note.Check.Reason))
            );

    private static AuditEntry Of((bool? Holds, string Reason) signature) =>
        CheckResult.Of(signature.Holds, signature.Reason).As(AuditLevel.Record, "signatures", null);
}
