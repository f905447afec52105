using System.Text;
using BreakHis.Files;
using BreakHis.Wording;
using static System.FormattableString;

namespace BreakHis.Data.Splits;

/// <summary>
/// A published split: a file with a header that names a column for images or patients, and one for sides or folds or both,
/// or one column per side; lines of <c>file|magnification|fold|train-or-test</c> as in BreaKHis's own fold files (Spanhol et al.
/// 2016); or a folder with one list per side, such as train.txt and test.txt.
/// </summary>
/// <param name="Path">The file or folder, for messages.</param>
/// <param name="Lines">Its lines, in order.</param>
internal sealed record SplitFile(string Path, IReadOnlyList<SplitLine> Lines)
{
    /// <summary>The setting that errors refer to.</summary>
    public const string Setting = "data.split.file";

    private const long MostBytes = 128 << 20;
    private const int MostLines = 2_000_000;
    private const int LongestHeader = 1 << 17;
    private const int LongestQuoted = 200;
    private const int MostFoldsShown = 20;

    private static readonly string[] ListWords = ["list", "files", "ids"];
    private static readonly string[] ListEndings = ["", ".txt", ".csv", ".tsv", ".lst", ".list"];

    /// <summary>The folds of the file, in order; empty if it has a single split.</summary>
    public IReadOnlyList<int> Folds => [.. Lines.Select(line => line.Fold).OfType<int>().Distinct().Order()];

    /// <summary>Files and folders beside the lists of a folder that are no such lists, in ordinal order.</summary>
    public IReadOnlyList<string> Ignored { get; private init; } = [];

    /// <summary>Whether the lines have folds but no sides: the chosen fold is for validation, the others for training.</summary>
    public bool HoldsOut { get; private init; }

    /// <summary>Reads a split file, or the lists in a folder.</summary>
    /// <exception cref="DataException">A file cannot be read, or a line cannot be parsed.</exception>
    public static SplitFile Read(string path) =>
        Directory.Exists(path) ? ReadFolder(path) : Read(path, text => Parse(text, path));

    private static SplitFile ReadFolder(string folder)
    {
        (string List, Side Side)[] lists =
        [
            .. Directory
                .EnumerateFiles(folder)
                .Order(StringComparer.Ordinal)
                .Where(list =>
                    ListEndings.Contains(System.IO.Path.GetExtension(list), StringComparer.OrdinalIgnoreCase)
                )
                .Select(list => (list, SideOfList(System.IO.Path.GetFileNameWithoutExtension(list))))
                .Where(list => list.Item2 is not null)
                .Select(list => (list.list, list.Item2!.Value)),
        ];
        if (lists.Length == 0)
        {
            throw new DataException(
                $"{folder}: contains no list of a side, such as train.txt, validation.txt or test.txt"
            )
            {
                Setting = Setting,
            };
        }

        return new SplitFile(
            folder,
            Few(
                lists.SelectMany(list =>
                    Read(list.List, text => ParseList(text, list.List, list.Side))
                        .Lines.Select(line => line with { List = list.List })
                ),
                folder
            )
        )
        {
            Ignored =
            [
                .. Directory
                    .EnumerateFileSystemEntries(folder)
                    .Except(lists.Select(list => list.List), StringComparer.Ordinal)
                    .Select(entry => System.IO.Path.GetFileName(entry))
                    .Order(StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>The side of a list by its name, such as train or train_list.</summary>
    private static Side? SideOfList(string name) =>
        Sides.Named(name)
        ?? Sides.Named(
            Array.Find(ListWords, word => name.EndsWith(word, StringComparison.OrdinalIgnoreCase)) is string word
                ? name[..^word.Length]
                : ""
        );

    private static SplitFile Read(string path, Func<string, SplitFile> parse)
    {
        if (File.Exists(path) && !FileKind.IsRegular(path))
        {
            throw new DataException($"{path}: {FileKind.NotRegular}") { Setting = Setting };
        }

        try
        {
            return new FileInfo(path).Length <= MostBytes
                ? parse(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)))
                : throw new DataException($"{path}: larger than {MostBytes >> 20} MiB") { Setting = Setting };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new DataException($"{path}: {FileFault.Reason(path, e)}", e) { Setting = Setting };
        }
    }

    /// <summary>Parses the text of a split file.</summary>
    /// <param name="path">The name to use in errors.</param>
    /// <exception cref="DataException">A line cannot be parsed.</exception>
    public static SplitFile Parse(string text, string path) =>
        Parse(
            text,
            path,
            SplitColumns.Of(FirstLine(text, path))
                ?? throw Wrong(
                    path,
                    1,
                    $"'{Clipped.To(LongestQuoted, FirstLine(text, path))}': expected a header with a column for images (such as file, path, image) or patients (such as patient, slide), and one for sides (such as side, split, set) or fold, or both; or with one column per side (train, val, test); or lines of file|magnification|fold|train-or-test"
                ),
            listed: null
        );

    /// <summary>Parses a list of the images or patients of one side.</summary>
    /// <param name="path">The name to use in errors.</param>
    /// <exception cref="DataException">A line cannot be parsed.</exception>
    public static SplitFile ParseList(string text, string path, Side side) =>
        Parse(text, path, SplitColumns.OfList(FirstLine(text, path)), side);

    /// <summary>Demands that the file has a fold.</summary>
    /// <param name="fold">The fold, or null if the file should have none or one.</param>
    /// <exception cref="DataException">The fold does not exist.</exception>
    public void DemandFold(int? fold) => _ = OfFold(fold);

    /// <summary>Returns the side of each image.</summary>
    /// <param name="images">The images, which need path and patient.</param>
    /// <param name="fold">The fold to use, or null if there is none.</param>
    /// <exception cref="DataException">An image is on several sides or on none, a line names several images, or the fold
    /// does not exist.</exception>
    public SplitSides SidesOf(IReadOnlyList<CatalogueImage> images, int? fold)
    {
        SplitLine[] lines = [.. Decided(OfFold(fold), images)];
        var matching = new SplitMatching(lines);
        IReadOnlyList<SplitLine>[] matches = [.. images.Select(matching.Of)];
        HashSet<SplitLine> matched = [.. matches.SelectMany(match => match)];
        SplitLine[] unmatched = [.. lines.Where(line => !matched.Contains(line))];
        CatalogueImage[] without = [.. images.Where((_, i) => matches[i].Count == 0)];
        if (
            without.Length == images.Count
            && lines.All(line => line.IsPatient == true)
            && images.All(image => image.Patient.Length == 0)
        )
        {
            throw new DataException(
                $"{Path}: lists patients, but the images' patients are unknown; say where their paths contain the patient with data.patient"
            )
            {
                Setting = Setting,
            };
        }

        if (without.Length > 0)
        {
            string hint =
                unmatched.Length > 0 ? $"; the first line that matches no image is {Shown(unmatched[0])}" : "";
            throw new DataException(
                $"{Path}: has no side for {without.Length} of {images.Count} images, such as {without[0].Path}{hint}"
            )
            {
                Setting = Setting,
            };
        }

        DemandOneImage(images, matches);
        return new SplitSides(
            [.. images.Zip(matches, (image, match) => OneSide(image.Path, match))],
            [.. unmatched.Select(Shown)]
        );
    }

    /// <summary>Lines that may name images or patients name patients if an image has one of them.</summary>
    private static IEnumerable<SplitLine> Decided(IEnumerable<SplitLine> lines, IReadOnlyList<CatalogueImage> images)
    {
        SplitLine[] all = [.. lines];
        var patients = new HashSet<string>(images.Select(image => Composed.Of(image.Patient)), StringComparer.Ordinal);
        bool arePatients = all.Any(line => line.IsPatient is null && patients.Contains(line.Name));
        return all.Select(line => line with { IsPatient = line.IsPatient ?? arePatients });
    }

    /// <summary>A name without its folders must not decide about images that its author did not mean.</summary>
    private void DemandOneImage(IReadOnlyList<CatalogueImage> images, IReadOnlyList<SplitLine>[] matches)
    {
        Dictionary<SplitLine, string> first = [];
        for (int i = 0; i < images.Count; i++)
        {
            foreach (
                SplitLine line in matches[i]
                    .Where(line => line.IsPatient != true && !first.TryAdd(line, images[i].Path))
            )
            {
                throw new DataException(
                    $"{line.List ?? Path}({line.Line}): {Quotable(line)} names several images, such as {first[line]} and {images[i].Path}; write their folders and extensions too"
                )
                {
                    Setting = Setting,
                };
            }
        }
    }

    private static SplitFile Parse(string text, string path, SplitColumns columns, Side? listed)
    {
        bool quotes = columns.HasHeader;
        // Parsed again for each use: the fields of a file take many times its size in memory.
        IEnumerable<(long Line, CsvField[] Fields)> records = Csv.Records(
                text,
                columns.Separator,
                quotes,
                (line, what) => Wrong(path, line, what)
            )
            .Where(record => !IsEmpty(record.Fields))
            .Skip(columns.HasHeader ? 1 : 0);
        SplitColumns one = columns.WithOneSide(records.Select(record => record.Fields), what => Wrong(path, 1, what));
        SplitLine[] lines = Few(
            records.SelectMany(record =>
                one.Lines(record.Fields, record.Line, listed, what => Wrong(path, record.Line, what))
            ),
            path
        );
        return lines.Length > 0 || listed is not null
            ? new SplitFile(path, lines) { HoldsOut = listed is null && one.HoldsOut }
            : throw Wrong(path, 1, "lists no images");
    }

    private static SplitLine[] Few(IEnumerable<SplitLine> lines, string path)
    {
        SplitLine[] few = [.. lines.Take(MostLines + 1)];
        return few.Length <= MostLines
            ? few
            : throw new DataException($"{path}: lists more than {MostLines} images") { Setting = Setting };
    }

    /// <summary>Spreadsheets write lines of nothing but separators, and people write comments.</summary>
    private static bool IsEmpty(CsvField[] fields) =>
        Array.TrueForAll(fields, field => string.IsNullOrWhiteSpace(field.Text))
        || (!fields[0].IsQuoted && IsComment(fields[0].Text));

    /// <summary>Returns whether a field begins a comment, or the line "sep=;" with which Excel names the separator.</summary>
    internal static bool IsComment(string text) =>
        text.TrimStart().StartsWith('#')
        || (text.TrimEnd().Length <= 5 && text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase));

    private static string FirstLine(string text, string path)
    {
        using var reader = new StringReader(text);
        string? line = reader.ReadLine();
        while (line is not null && (string.IsNullOrWhiteSpace(line) || IsComment(line)))
        {
            line = reader.ReadLine();
        }

        return line is not { Length: > LongestHeader }
            ? line ?? ""
            : throw Wrong(path, 1, $"its first line has more than {LongestHeader} characters");
    }

    private static string Shown(SplitLine line) =>
        Invariant($"{(line.List is null ? "" : line.List + " ")}line {line.Line} ({Quotable(line)})");

    private static string Quotable(SplitLine line) => Clipped.To(LongestQuoted, line.Name);

    private IEnumerable<SplitLine> OfFold(int? fold)
    {
        IReadOnlyList<int> folds = Folds;
        string listed = Listing.Words([.. folds.Select(one => Digits.Of(one))], MostFoldsShown);
        return (fold, folds.Count) switch
        {
            (null, _) when folds.Count > 1 || HoldsOut => throw new DataException(
                $"{Path}: has folds {listed}; choose one with data.split.fold"
            )
            {
                Setting = Setting,
            },
            (int, 0) => throw new DataException($"{Path}: has no folds") { Setting = "data.split.fold" },
            (int wanted, _) when !folds.Contains(wanted) => throw new DataException($"{Path}: has folds {listed}")
            {
                Setting = "data.split.fold",
            },
            (int wanted, _) when HoldsOut => Lines.Select(line =>
                line.Fold == wanted ? line : line with { Side = Side.Train }
            ),
            (int wanted, _) => Lines.Where(line => line.Fold == wanted),
            _ => Lines,
        };
    }

    private Side OneSide(string image, IReadOnlyList<SplitLine> lines)
    {
        SplitLine? other = lines.FirstOrDefault(line => line.Side != lines[0].Side);
        return other is null
            ? lines[0].Side
            : throw new DataException(
                $"{other.List ?? Path}({other.Line}): {image} is on two sides, {Sides.Word(other.Side)} here and {Sides.Word(lines[0].Side)} in {(lines[0].List is null ? "" : lines[0].List + " ")}line {lines[0].Line}"
            )
            {
                Setting = Setting,
            };
    }

    private static DataException Wrong(string path, long line, string what) =>
        new($"{path}({line}): {what}") { Setting = Setting };
}

/// <summary>The sides that a split file gives to images.</summary>
/// <param name="Sides">The side of each image.</param>
/// <param name="Unmatched">The lines that match no image, in words.</param>
internal sealed record SplitSides(IReadOnlyList<Side> Sides, IReadOnlyList<string> Unmatched);
