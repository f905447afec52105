namespace BreakHis.Ledger;

/// <summary>A fault of a ledger, or of a reference to one of its runs.</summary>
internal enum LedgerFault
{
    /// <summary>The path has no ledger.</summary>
    Missing,

    /// <summary>The file is not a ledger: not a SQLite database, or a different program's.</summary>
    NotALedger,

    /// <summary>A newer version of this program wrote the ledger.</summary>
    Newer,

    /// <summary>An older version of this program wrote the ledger, and it was opened only for reading.</summary>
    Older,

    /// <summary>The file is damaged.</summary>
    Damaged,

    /// <summary>Another process locks the ledger for longer than the timeout.</summary>
    Locked,

    /// <summary>File or folder cannot be read or written.</summary>
    Denied,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk reported an error.</summary>
    DiskError,

    /// <summary>A record contradicts the ledger.</summary>
    Refused,

    /// <summary>Another program changed the schema.</summary>
    Changed,

    /// <summary>The record of a run is not in this tool's format.</summary>
    Malformed,

    /// <summary>A repeated event differs from its record.</summary>
    Contradicted,

    /// <summary>No run matches the reference.</summary>
    UnknownRun,

    /// <summary>More than one run matches the reference.</summary>
    AmbiguousRun,
}

/// <summary>A ledger error that the user can fix. The message is one line that says how.</summary>
internal sealed class LedgerException : Exception
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">One line that says what is wrong and what to do.</param>
    public LedgerException(LedgerFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public LedgerFault Fault { get; }
}
