using BreakHis.Ledger.Reading;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands;

/// <summary>Where a run was made, in words.</summary>
internal static class RunOrigin
{
    /// <summary>made here, imported or elsewhere.</summary>
    public static string Word(RunSummary run) =>
        run.IsMadeHere ? "made here"
        : run.Import is null ? "elsewhere"
        : "imported";

    /// <summary>The word, with the origin of an imported run, or why the ledger does not count as one's own.</summary>
    public static string Of(RunSummary run) =>
        run switch
        {
            { IsMadeHere: true, NotesImport: { } notes } =>
                $"{Word(run)}; notes about it were imported {Source(notes)}",
            { IsMadeHere: true } => Word(run),
            { Import: { } import } => $"{Word(run)} {Source(import)}",
            _ =>
                $"{Word(run)}: another account began this ledger ('dotnet breakhis ledger adopt' makes it yours), or its own records were edited ('dotnet breakhis ledger verify' names them)",
        };

    private static string Source(RunImport import) =>
        $"on {import.At} from {import.From}, ledger {(import.Ledger is null ? "unknown" : ShortHash.Of(import.Ledger))}";
}
