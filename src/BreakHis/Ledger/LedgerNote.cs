namespace BreakHis.Ledger;

/// <summary>What was noted of a run after it ended, or of the ledger itself: a record of names and values.</summary>
/// <param name="Kind">What happened, such as reran or imported.</param>
/// <param name="Entries">Names and values, in ordinal order of name.</param>
internal sealed record LedgerNote(string Kind, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>The name of the ledger's own chain, where a run's id stands otherwise.</summary>
    public const string Ledger = "ledger";

    /// <summary>The entry that says when it was noted.</summary>
    public const string At = "at";
}

/// <summary>
/// What a run recorded itself, and where that ends in the ledger: what a report pins. What is noted of the run later does
/// not move it.
/// </summary>
/// <param name="Records">Number of records, as far as the run's last that is no note.</param>
/// <param name="Hash">SHA-256 of that one, which carries those of all before it.</param>
/// <param name="Ledger">The ledger at that record.</param>
internal sealed record RunChain(long Records, string Hash, LedgerHead Ledger);

/// <summary>A ledger's chain as far as one of its records.</summary>
/// <param name="Id">The ledger's id, drawn with its first record; null in a ledger that holds none.</param>
/// <param name="Records">Number of records.</param>
/// <param name="Head">SHA-256 over all of them; 64 zeros where there are none.</param>
internal sealed record LedgerHead(string? Id, long Records, string Head);
