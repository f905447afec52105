using BreakHis.Ledger.Chain;
using BreakHis.Runs;

namespace BreakHis.Audit.Record;

/// <summary>
/// The record files of a home folder before its ledger is read. A line is written after its record is in the ledger, so
/// files up to these lengths contain nothing that the ledger lacks, even while runs compute.
/// </summary>
/// <param name="Lengths">The length of each record file by its path, in bytes.</param>
internal sealed record RecordFiles(IReadOnlyDictionary<string, long> Lengths, IReadOnlyList<string> Folders)
{
    /// <summary>Returns the record files as they are now.</summary>
    public static RecordFiles Of(HomeFolder home)
    {
        string[] folders = [.. RecordsAhead.RunFolders(home)];
        return new RecordFiles(
            folders
                .Select(run => Path.Combine(run, RunFolder.Records))
                .Append(home.LedgerRecords)
                .Where(File.Exists)
                .ToDictionary(path => path, path => new FileInfo(path).Length, StringComparer.Ordinal),
            folders
        );
    }
}
