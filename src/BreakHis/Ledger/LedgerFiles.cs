namespace BreakHis.Ledger;

/// <summary>A ledger and the files that SQLite keeps beside it.</summary>
internal static class LedgerFiles
{
    /// <summary>The ending of the log of writes that are not in the ledger's file yet.</summary>
    public const string Log = "-wal";

    /// <summary>The ending of the journal with which SQLite undoes a write that did not end.</summary>
    public const string Journal = "-journal";

    private static readonly string[] Endings = ["", "-shm", Journal, Log];

    /// <summary>Returns those that exist, the ledger itself first.</summary>
    /// <param name="path">The ledger's path.</param>
    public static IEnumerable<string> Of(string path) =>
        Endings.Select(ending => path + ending).Where(System.IO.Path.Exists);
}
