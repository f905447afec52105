using BreakHis.Ledger;
using BreakHis.Plans;

namespace BreakHis.Tool.Commands;

internal static class RunProvenance
{
    public static IReadOnlyList<ProvenanceEntry> Gather(Plan plan, IReadOnlyList<string> commandLine) =>
        [.. plan.Software.Select(s => new ProvenanceEntry("software." + s.Key, s.Value))];
}
