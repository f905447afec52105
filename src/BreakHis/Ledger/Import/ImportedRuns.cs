namespace BreakHis.Ledger.Import;

/// <summary>The result of an import.</summary>
/// <param name="Added">Runs that the ledger did not have.</param>
/// <param name="Extended">Runs that had continued elsewhere, or about which something was noted there.</param>
/// <param name="Unchanged">Runs that the ledger already had.</param>
/// <param name="Records">The new records of each added or extended run.</param>
/// <param name="Source">The head of the source ledger; null if some of its records are missing.</param>
internal sealed record ImportedRuns(
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Extended,
    IReadOnlyList<string> Unchanged,
    IReadOnlyDictionary<string, NewRecords> Records,
    LedgerHead? Source
);

/// <summary>What an import adds to a run.</summary>
/// <param name="Count">The number of records.</param>
/// <param name="Notes">The kinds of those that are notes, in order.</param>
internal sealed record NewRecords(int Count, IReadOnlyList<string> Notes)
{
    /// <summary>Whether there are only notes, which do not change whose run it is.</summary>
    public bool AreNotes => Notes.Count == Count;
}
