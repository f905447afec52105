namespace BreakHis.Ledger;

/// <summary>What is wrong with a ledger, or with a reference to a run in it.</summary>
public enum LedgerFault
{
    /// <summary>There is no ledger at the path.</summary>
    Missing,

    /// <summary>The file is something else: no SQLite database, or another program's.</summary>
    NotALedger,

    /// <summary>A newer version of this program wrote it.</summary>
    Newer,

    /// <summary>An older version of this program wrote it, and it was opened for reading only.</summary>
    Older,

    /// <summary>The file is damaged.</summary>
    Damaged,

    /// <summary>Another process holds it for longer than one waits.</summary>
    Locked,

    /// <summary>File or folder cannot be written, or not be read.</summary>
    Denied,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>The disk reported an error.</summary>
    DiskError,

    /// <summary>A record contradicts what the ledger holds.</summary>
    Refused,

    /// <summary>What was done again came out otherwise than it is recorded.</summary>
    Contradicted,

    /// <summary>No run is meant by the reference.</summary>
    UnknownRun,

    /// <summary>More than one run is meant by the reference.</summary>
    AmbiguousRun,
}

/// <summary>Something about the ledger that the user can mend; the message is one line that says how.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>A fault.</summary>
    /// <param name="message">One line that says what is wrong and what to do.</param>
    public LedgerException(LedgerFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>The kind of fault.</summary>
    public LedgerFault Fault { get; }
}
