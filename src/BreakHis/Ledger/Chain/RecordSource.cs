using System.Text;
using System.Text.RegularExpressions;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>A record from a record file.</summary>
/// <param name="Place">File and line, for errors.</param>
/// <param name="Content">The parsed content of the line.</param>
internal sealed record SourceRecord(string Place, RecordFileLine Line, RecordContent Content);

/// <summary>A chain from a record file, in which each record follows from the previous one.</summary>
/// <param name="Chain">The run, or <see cref="LedgerNote.Ledger"/>.</param>
/// <param name="Records">The records, starting with record 0.</param>
internal sealed record SourceChain(string Chain, string Folder, IReadOnlyList<SourceRecord> Records);

/// <summary>
/// Reads record files without trusting them: each line must have its hash, follow from the previous line, and belong to
/// the run that its folder is named after.
/// </summary>
internal static partial class RecordSource
{
    /// <summary>
    /// Returns the chains in a home folder, its runs folder or a single run's folder, in order of their first record.
    /// </summary>
    /// <exception cref="LedgerException">A file cannot be read, or differs from what was written.</exception>
    public static IReadOnlyList<SourceChain> In(string folder)
    {
        if (File.Exists(Path.Combine(folder, RunFolder.Records)))
        {
            return [OfRun(folder)];
        }

        string inHome = new HomeFolder(folder).Runs;
        string runs = Directory.Exists(inHome) ? inHome : folder;
        string ledger = Path.Combine(runs, Path.GetFileName(new HomeFolder(folder).LedgerRecords));
        IEnumerable<string> folders = Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).Where(run => File.Exists(Path.Combine(run, RunFolder.Records)))
            : [];
        return
        [
            .. folders
                .Select(OfRun)
                .Concat(File.Exists(ledger) ? [Read(ledger, LedgerNote.Ledger)] : [])
                .Where(chain => chain.Records.Count > 0)
                .OrderBy(chain => chain.Records[0].Line.Number),
        ];
    }

    /// <summary>
    /// Returns all records in the ledger's order. Each head must follow from the previous one, if that record exists.
    /// </summary>
    /// <param name="missing">Called with the first and last number of each gap.</param>
    /// <exception cref="LedgerException">Two records have the same position, or a head does not follow from the
    /// previous one.</exception>
    public static IReadOnlyList<SourceRecord> InOrder(IEnumerable<SourceChain> chains, Action<long, long> missing)
    {
        SourceRecord[] records = [.. chains.SelectMany(chain => chain.Records).OrderBy(record => record.Line.Number)];
        (long number, string head) = (0, RecordLine.None);
        SourceRecord? before = null;
        foreach (SourceRecord record in records)
        {
            RecordFileLine line = record.Line;
            if (line.Number == number)
            {
                throw Bad(
                    record.Place,
                    $"has number {number} in the ledger, and so does {before!.Place}; if the ledger has one of the two runs, 'dotnet breakhis import' of the other's folder adds it again"
                );
            }

            if (line.Number > number + 1)
            {
                missing(number + 1, line.Number - 1);
            }
            else if (
                line.Head != RecordLine.Head(head, line.Hash, line.Number, record.Content.Record, record.Content.Run)
            )
            {
                throw Bad(record.Place, "its head does not follow from the previous record: one of the two was edited");
            }

            (number, head, before) = (line.Number, line.Head, record);
        }

        return records;
    }

    /// <summary>Creates an error for a place in a file.</summary>
    public static LedgerException Bad(string place, string what, Exception? cause = null) =>
        new(LedgerFault.Damaged, $"{place}: {OneLine.Of(what)}", cause);

    private static SourceChain OfRun(string folder)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        return RunId().IsMatch(name)
            ? Read(Path.Combine(folder, RunFolder.Records), name)
            : throw Bad(folder, "a run folder is named after the run's id, ten hexadecimal digits");
    }

    private static SourceChain Read(string path, string chain)
    {
        List<SourceRecord> records = [];
        string before = RecordLine.None;
        if (!FileKind.IsRegular(path))
        {
            throw Bad(path, FileKind.NotRegular);
        }

        if (new FileInfo(path).Length > RecordFile.LongestFile)
        {
            throw Bad(
                path,
                Invariant($"is longer than {RecordFile.LongestFile >> 20} MB, which no run of this tool writes")
            );
        }

        try
        {
            foreach ((int i, string text) in RecordFile.Lines(path).Index())
            {
                string place = Invariant($"{path}, line {i + 1}");
                RecordFileLine line = RecordFileLine.Parse(text) ?? throw Bad(place, "is not a record");
                if (!line.IsAsHashed)
                {
                    throw Bad(place, "was edited: the hash does not match");
                }

                var content = RecordContent.Parse(place, line.Text);
                if ((content.Run, content.Record, content.Before) != (chain, i, before))
                {
                    throw Bad(
                        place,
                        Invariant($"is not record {i} of {chain} in sequence: a line was moved, deleted or inserted")
                    );
                }

                records.Add(new SourceRecord(place, line, content));
                before = line.Hash;
            }
        }
        catch (DecoderFallbackException e)
        {
            throw Bad(path, "is not UTF-8 text", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(LedgerFault.Denied, $"{path}: {FileFault.Reason(path, e)}", e);
        }

        return new SourceChain(chain, Path.GetDirectoryName(path)!, records);
    }

    [GeneratedRegex("^[0-9a-f]{10}$", RegexOptions.None, 1000)]
    private static partial Regex RunId();
}
