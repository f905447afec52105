using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>The limits of record files, far above what a run writes and far below what fills the memory.</summary>
/// <param name="File">The most bytes of a file.</param>
/// <param name="Line">The most bytes of a line. The longest lines have all images of a run: half a million fit.</param>
/// <param name="Records">The most records of all files that are read together.</param>
/// <param name="Notes">The most bytes of a ledger's own records, which an import stores in one line.</param>
internal sealed record RecordLimits(long File, int Line, int Records, int Notes)
{
    /// <summary>The limits of this tool.</summary>
    public static RecordLimits Default { get; } = new(1 << 30, 128 << 20, 1_000_000, 32 << 20);

    /// <summary>Refuses a file that is too long.</summary>
    /// <exception cref="LedgerException">The file is too long.</exception>
    public void RequireFile(string path, long bytes) => Require(path, bytes, File);

    /// <summary>Refuses a line that is too long.</summary>
    /// <param name="number">The number of the line, counted from 1.</param>
    /// <exception cref="LedgerException">The line is too long.</exception>
    public void RequireLine(string path, int number, long bytes)
    {
        if (bytes > Line)
        {
            Require(Invariant($"{path}, line {number}"), bytes, Line);
        }
    }

    /// <summary>Refuses more records than are read together.</summary>
    /// <exception cref="LedgerException">There are too many.</exception>
    public void RequireRecords(string folder, long records)
    {
        if (records > Records)
        {
            throw RecordSource.Bad(
                folder,
                $"has more than {Digits.Grouped(Records)} records, the most that are read at once"
            );
        }
    }

    /// <summary>Refuses a ledger's own records that do not fit into one line.</summary>
    /// <exception cref="LedgerException">They are too long.</exception>
    public void RequireNotes(string folder, long bytes)
    {
        if (bytes > Notes)
        {
            throw RecordSource.Bad(
                folder,
                Invariant(
                    $"the ledger's own records are longer than {Notes >> 20} MB; import its run folders one by one"
                )
            );
        }
    }

    private static void Require(string place, long bytes, long most)
    {
        if (bytes > most)
        {
            throw RecordSource.Bad(
                place,
                Invariant($"is longer than {most >> 20} MB, which no run of this tool writes")
            );
        }
    }
}
