namespace BreakHis.Ledger;

/// <summary>A note about a run after its end, or about the ledger: a record of names and values.</summary>
/// <param name="Kind">The kind of note, such as reran or imported.</param>
/// <param name="Entries">Names and values, in ordinal order of name.</param>
internal sealed record LedgerNote(string Kind, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>Its record in the chain.</summary>
    public long Record { get; init; }

    /// <summary>Whether it came with an import.</summary>
    public bool IsImported { get; init; }

    /// <summary>The name of the ledger's own chain, used in place of a run's ID.</summary>
    public const string Ledger = "ledger";

    /// <summary>The kind of note on a run whose plan a spec with another name has too.</summary>
    public const string Answered = "answered";

    /// <summary>The entry with the name of that spec.</summary>
    public const string Spec = "spec";

    /// <summary>The entry with the time of the note.</summary>
    public const string At = "at";

    /// <summary>The entry of a ledger's first record with the ledger's ID.</summary>
    public const string Id = "id";

    /// <summary>The entry of a note on an import with the ID of the other ledger.</summary>
    public const string SourceId = "source_id";
}

/// <summary>
/// The records that a run wrote itself, and the ledger at the last of them. Reports pin them. Later notes about the run
/// do not change them.
/// </summary>
/// <param name="Records">The number of records, up to the run's last record that is not a note.</param>
/// <param name="Hash">SHA-256 of that record; it depends on all earlier ones.</param>
/// <param name="Ledger">The ledger at that record.</param>
internal sealed record RunChain(long Records, string Hash, LedgerHead Ledger);

/// <summary>The head of a ledger's chain at one of its records.</summary>
/// <param name="Id">The ledger's ID, drawn at random with its first record; null if the ledger has none.</param>
/// <param name="Head">SHA-256 over all of them; 64 zeros if there are none.</param>
internal sealed record LedgerHead(string? Id, long Records, string Head);
