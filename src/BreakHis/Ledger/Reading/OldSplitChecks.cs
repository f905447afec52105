using BreakHis.Plans.Checks;
using BreakHis.Provenance;

namespace BreakHis.Ledger.Reading;

/// <summary>
/// Leak checks of runs recorded before schema 3: provenance entries such as split.patients with the value "clean: no
/// patient is on both sides".
/// </summary>
internal static class OldSplitChecks
{
    private const string Separator = ": ";

    /// <summary>Returns the check in an entry; null for any other entry.</summary>
    public static LeakCheck? Of(ProvenanceEntry entry) =>
        entry.Group == ProvenanceGroups.Split
        && entry.Value.Split(Separator, 2) is [string word, string text]
        && VerdictOf(word) is LeakVerdict verdict
            ? new LeakCheck(entry.NameInGroup, verdict, text)
            : null;

    private static LeakVerdict? VerdictOf(string word) =>
        word switch
        {
            "clean" => LeakVerdict.Clean,
            "doubt" => LeakVerdict.Doubt,
            "leak" => LeakVerdict.Leak,
            "not checked" => LeakVerdict.NotChecked,
            _ => null,
        };
}
