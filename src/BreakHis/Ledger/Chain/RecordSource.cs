using System.Text;
using System.Text.RegularExpressions;
using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Ledger.Chain;

/// <summary>A record from a record file. Its text stays in the file, so that many runs do not fill the memory.</summary>
/// <param name="Line">The number of its line, counted from 1.</param>
/// <param name="At">The position of its line, in bytes.</param>
/// <param name="Bytes">The length of its line.</param>
/// <param name="Number">The position in the ledger's chain.</param>
/// <param name="Hash">The record's hash in the ledger.</param>
/// <param name="Head">The head of the ledger's chain at this record.</param>
/// <param name="Before">The hash of the run's previous record.</param>
/// <param name="Run">The run, or <see cref="LedgerNote.Ledger"/>.</param>
/// <param name="Record">The position in the run's chain.</param>
/// <param name="Kind">What happened, such as run_ended.</param>
/// <param name="IsNote">Whether it has nothing but notes.</param>
internal sealed record SourceRecord(
    string Path,
    int Line,
    long At,
    int Bytes,
    long Number,
    string Hash,
    string Head,
    string Before,
    string Run,
    long Record,
    string Kind,
    bool IsNote
)
{
    /// <summary>File and line, for errors.</summary>
    public string Place => Invariant($"{Path}, line {Line}");

    /// <summary>Reads the line again.</summary>
    /// <exception cref="LedgerException">The line has changed, or cannot be read.</exception>
    public RecordFileLine Text() =>
        RecordSource.Understood(
            Path,
            () =>
                RecordFileLine.Parse(RecordFile.LineAt(Path, At, Bytes)) is { IsAsHashed: true } line
                && line.Hash == Hash
                    ? line
                    : throw RecordSource.Bad(Place, "changed while it was being read")
        );

    /// <summary>Reads the content of the line again.</summary>
    /// <exception cref="LedgerException">The line has changed, or cannot be read.</exception>
    public RecordContent Content() => new(Place, Text().Text, Before, Kind, Record, Run) { IsNote = IsNote };
}

/// <summary>A chain from a record file, in which each record follows from the previous one.</summary>
/// <param name="Chain">The run, or <see cref="LedgerNote.Ledger"/>.</param>
/// <param name="Records">The records, starting with record 0.</param>
internal sealed record SourceChain(string Chain, string Folder, IReadOnlyList<SourceRecord> Records)
{
    /// <summary>The length of all records.</summary>
    public long Bytes => Records.Sum(record => (long)record.Bytes);
}

/// <summary>
/// Reads record files without trusting them: each line must have its hash, follow from the previous line, and belong to
/// the run that its folder is named after.
/// </summary>
internal static partial class RecordSource
{
    private const int LongestKind = 100;

    /// <summary>
    /// Returns the chains in a home folder, its runs folder or a single run's folder, in order of their first record.
    /// </summary>
    /// <exception cref="LedgerException">A file cannot be read, is too long, or differs from what was
    /// written.</exception>
    public static IReadOnlyList<SourceChain> In(string folder, RecordLimits? limits = null)
    {
        limits ??= RecordLimits.Default;
        if (File.Exists(Path.Combine(folder, RunFolder.Records)))
        {
            return [OfRun(folder, limits)];
        }

        string inHome = new HomeFolder(folder).Runs;
        RequireNoLink(inHome);
        string runs = Directory.Exists(inHome) ? inHome : folder;
        string ledger = Path.Combine(runs, Path.GetFileName(new HomeFolder(folder).LedgerRecords));
        IEnumerable<string> folders = Directory.Exists(runs)
            ? Directory.EnumerateDirectories(runs).Where(run => File.Exists(Path.Combine(run, RunFolder.Records)))
            : [];
        List<SourceChain> chains = [];
        long records = 0;
        foreach (
            SourceChain chain in folders
                .Select(run => OfRun(run, limits))
                .Concat(File.Exists(ledger) ? [Read(ledger, LedgerNote.Ledger, limits)] : [])
                .Where(chain => chain.Records.Count > 0)
        )
        {
            records += chain.Records.Count;
            limits.RequireRecords(folder, records);
            chains.Add(chain);
        }

        return [.. chains.OrderBy(chain => chain.Records[0].Number)];
    }

    /// <summary>
    /// Returns all records in the ledger's order. Each head must follow from the previous one, if that record exists.
    /// </summary>
    /// <param name="missing">Called with the first and last number of each gap.</param>
    /// <exception cref="LedgerException">Two records have the same position, or a head does not follow from the
    /// previous one.</exception>
    public static IReadOnlyList<SourceRecord> InOrder(IEnumerable<SourceChain> chains, Action<long, long> missing)
    {
        SourceRecord[] records = [.. chains.SelectMany(chain => chain.Records).OrderBy(record => record.Number)];
        (long number, string head) = (0, RecordLine.None);
        SourceRecord? before = null;
        foreach (SourceRecord record in records)
        {
            if (record.Number == number)
            {
                throw Bad(
                    record.Place,
                    $"has number {number} in the ledger, and so does {before!.Place}; if the ledger has one of the two runs, 'dotnet breakhis import' of the other's folder adds it again"
                );
            }

            if (record.Number > number + 1)
            {
                missing(number + 1, record.Number - 1);
            }
            else if (record.Head != RecordLine.Head(head, record.Hash, record.Number, record.Record, record.Run))
            {
                throw Bad(record.Place, "its head does not follow from the previous record: one of the two was edited");
            }

            (number, head, before) = (record.Number, record.Head, record);
        }

        return records;
    }

    /// <summary>Creates an error for a place in a file.</summary>
    public static LedgerException Bad(string place, string what, Exception? cause = null) =>
        new(LedgerFault.Damaged, $"{place}: {OneLine.Of(what)}", cause);

    /// <summary>Returns what is read from a file.</summary>
    /// <exception cref="LedgerException">It cannot be read, or is not text.</exception>
    public static T Understood<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DecoderFallbackException e)
        {
            throw Bad(path, "is not UTF-8 text", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LedgerException(LedgerFault.Denied, $"{path}: {FileFault.Reason(path, e)}", e);
        }
    }

    private static SourceChain OfRun(string folder, RecordLimits limits)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        RequireNoLink(folder);
        return RunId().IsMatch(name)
            ? Read(Path.Combine(folder, RunFolder.Records), name, limits)
            : throw Bad(folder, "a run folder is named after the run's id, ten hexadecimal digits");
    }

    /// <summary>A link could lead to files that nobody meant to give away.</summary>
    private static void RequireNoLink(string path)
    {
        if (new FileInfo(Path.TrimEndingDirectorySeparator(path)).LinkTarget is not null)
        {
            throw Bad(path, "is a link; put the folder or file itself there");
        }
    }

    private static SourceChain Read(string path, string chain, RecordLimits limits)
    {
        RequireNoLink(path);
        if (!FileKind.IsRegular(path))
        {
            throw Bad(path, FileKind.NotRegular);
        }

        return new SourceChain(
            chain,
            Path.GetDirectoryName(path)!,
            Understood(path, () => Records(path, chain, limits).ToArray())
        );
    }

    private static IEnumerable<SourceRecord> Records(string path, string chain, RecordLimits limits)
    {
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        string before = RecordLine.None;
        foreach ((int i, (long at, byte[] bytes)) in RecordFile.Lines(path, limits).Index())
        {
            string place = Invariant($"{path}, line {i + 1}");
            limits.RequireRecords(path, i + 1L);
            RecordFileLine line = RecordFileLine.Parse(RecordFile.Text(bytes)) ?? throw Bad(place, "is not a record");
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

            string kind =
                content.Kind.Length <= LongestKind
                    ? content.Kind
                    : throw Bad(place, "is not in this tool's record format");
            kinds.Add(kind);
            kinds.TryGetValue(kind, out string? shared);
            yield return new SourceRecord(
                path,
                i + 1,
                at,
                bytes.Length,
                line.Number,
                line.Hash,
                line.Head,
                before,
                chain,
                i,
                shared!,
                content.IsNote
            );
            before = line.Hash;
        }
    }

    [GeneratedRegex("^[0-9a-f]{10}$", RegexOptions.None, 1000)]
    private static partial Regex RunId();
}
