using System.Globalization;
using System.Text;
using BreakHis.Files;
using BreakHis.Json;
using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>One line of a split file.</summary>
/// <param name="Line">The line number, counted from 1.</param>
/// <param name="File">A file name, or the end of a path with forward slashes.</param>
/// <param name="Fold">The fold, or null if the file has none.</param>
internal sealed record SplitLine(long Line, string File, int? Fold, Side Side);

/// <summary>
/// A published split: a CSV file with a header that contains <c>file</c>, <c>side</c> and optionally <c>fold</c>, or
/// lines of <c>file|magnification|fold|train-or-test</c> as in BreaKHis's own fold files (Spanhol et al. 2016).
/// </summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Lines">Its lines, in order.</param>
internal sealed record SplitFile(string Path, IReadOnlyList<SplitLine> Lines)
{
    /// <summary>The setting that errors refer to.</summary>
    public const string Setting = "data.split.file";

    private const long MostBytes = 256 << 20;

    /// <summary>The folds of the file, in order; empty if it has a single split.</summary>
    public IReadOnlyList<int> Folds => [.. Lines.Select(line => line.Fold).OfType<int>().Distinct().Order()];

    /// <summary>Reads a split file.</summary>
    /// <exception cref="DataException">The file cannot be read, or a line cannot be parsed.</exception>
    public static SplitFile Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes
                ? Parse(File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)), path)
                : throw new DataException($"{path}: larger than {MostBytes} bytes") { Setting = Setting };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new DataException($"{path}: {FileFault.Reason(path, e)}", e) { Setting = Setting };
        }
    }

    /// <summary>
    /// Returns for each image its file name, with as many parent folders as distinguish it from the others: a name that
    /// is also right for a copy of the images in another folder.
    /// </summary>
    /// <param name="images">Relative paths with forward slashes.</param>
    public static IReadOnlyList<string> Names(IReadOnlyList<string> images)
    {
        string[] names = [.. images.Select(image => End(image, 1))];
        for (int folders = 2; ; folders++)
        {
            int[] shared =
            [
                .. names
                    .Index()
                    .GroupBy(name => name.Item, StringComparer.Ordinal)
                    .Where(group => group.Count() > 1)
                    .SelectMany(group => group.Select(name => name.Index))
                    .Where(index => names[index].Length < images[index].Length),
            ];
            if (shared.Length == 0)
            {
                return names;
            }

            foreach (int index in shared)
            {
                names[index] = End(images[index], folders);
            }
        }
    }

    /// <summary>Returns lines as a CSV file.</summary>
    public static string Text(IReadOnlyList<SplitLine> lines)
    {
        bool folds = lines.Any(line => line.Fold is not null);
        var text = new StringBuilder(folds ? "file,fold,side\n" : "file,side\n");
        foreach (SplitLine line in lines)
        {
            string fold = folds ? string.Create(CultureInfo.InvariantCulture, $"{line.Fold},") : "";
            text.Append(CultureInfo.InvariantCulture, $"{Quoted(line.File)},{fold}{Word(line.Side)}\n");
        }

        return text.ToString();
    }

    /// <summary>Parses the text of a split file.</summary>
    /// <param name="path">The name to use in errors.</param>
    /// <exception cref="DataException">A line cannot be parsed.</exception>
    public static SplitFile Parse(string text, string path)
    {
        bool official = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is int end and >= 0 ? end : text.Length)
            .Contains('|');
        DataException NotClosed(long line) => Wrong(path, line, "unclosed quote, or text after a closing quote");
        (long Line, string[] Fields)[] records =
        [
            .. official
                ? Csv.Records(text, '|', quotes: false, NotClosed)
                : Csv.Records(text, ',', quotes: true, NotClosed),
        ];
        Columns columns = official ? Columns.Official : Columns.Of(records.FirstOrDefault().Fields ?? [], path);
        SplitLine[] lines =
        [
            .. records.Skip(official ? 0 : 1).Select(record => columns.Line(record.Fields, record.Line, path)),
        ];
        return lines.Length > 0 ? new SplitFile(path, lines) : throw Wrong(path, 1, "lists no images");
    }

    /// <summary>Returns the side of each image.</summary>
    /// <param name="images">Relative paths.</param>
    /// <param name="fold">The fold to use, or null if there is none.</param>
    /// <exception cref="DataException">An image is on several sides or on none, or the fold does not exist.</exception>
    public IReadOnlyList<Side> Sides(IReadOnlyList<string> images, int? fold)
    {
        ILookup<string, SplitLine> byName = OfFold(fold).ToLookup(line => Name(line.File), StringComparer.Ordinal);
        string[] unnamed = [.. images.Where(image => LinesOf(image, byName).Length == 0)];
        if (unnamed.Length > 0)
        {
            throw new DataException(
                $"{Path}: has no side for {unnamed.Length} of {images.Count} images, such as {unnamed[0]}"
            )
            {
                Setting = Setting,
            };
        }

        return [.. images.Select(image => OneSide(image, LinesOf(image, byName)))];
    }

    private IEnumerable<SplitLine> OfFold(int? fold)
    {
        IReadOnlyList<int> folds = Folds;
        string listed = string.Join(", ", folds);
        return (fold, folds.Count) switch
        {
            (null, > 1) => throw new DataException($"{Path}: has folds {listed}; choose one with data.split.fold")
            {
                Setting = Setting,
            },
            (int, 0) => throw new DataException($"{Path}: has no folds") { Setting = "data.split.fold" },
            (int wanted, _) when !folds.Contains(wanted) => throw new DataException($"{Path}: has folds {listed}")
            {
                Setting = "data.split.fold",
            },
            (int wanted, _) => Lines.Where(line => line.Fold == wanted),
            _ => Lines,
        };
    }

    private Side OneSide(string image, SplitLine[] lines)
    {
        SplitLine? other = Array.Find(lines, line => line.Side != lines[0].Side);
        return other is null
            ? lines[0].Side
            : throw new DataException(
                $"{Path}({other.Line}): {image} is on two sides, {Word(other.Side)} here and {Word(lines[0].Side)} in line {lines[0].Line}"
            )
            {
                Setting = Setting,
            };
    }

    private static SplitLine[] LinesOf(string image, ILookup<string, SplitLine> byName) =>
        [
            .. byName[Name(image)]
                .Where(line => image == line.File || image.EndsWith("/" + line.File, StringComparison.Ordinal)),
        ];

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string End(string path, int parts) => string.Join('/', path.Split('/').TakeLast(parts));

    // Quoted as in RFC 4180.
    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") >= 0
            ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : field;

    private static string Word(Side side) => SnakeCase.Of(side);

    private static DataException Wrong(string path, long line, string what) =>
        new($"{path}({line}): {what}") { Setting = Setting };

    /// <summary>The positions of the fields in a line.</summary>
    private sealed record Columns(int File, int? Fold, int Side, int Count)
    {
        public static Columns Official { get; } = new(0, 2, 3, 4);

        public static Columns Of(string[] header, string path)
        {
            string[] names = [.. header.Select(name => name.Trim().ToLowerInvariant())];
            int file = Array.IndexOf(names, "file");
            int side = Array.IndexOf(names, "side");
            int fold = Array.IndexOf(names, "fold");
            return file >= 0 && side >= 0
                ? new Columns(file, fold < 0 ? null : fold, side, names.Length)
                : throw Wrong(
                    path,
                    1,
                    "expected a header with the columns file and side (and optionally fold), or lines of file|magnification|fold|train-or-test"
                );
        }

        public SplitLine Line(string[] fields, long number, string path)
        {
            if (fields.Length != Count)
            {
                throw Wrong(path, number, $"{Plural.Of(fields.Length, "field")}; expected {Count}");
            }

            string file = fields[File].Trim().Replace('\\', '/').TrimStart('/');
            return file.Length == 0
                ? throw Wrong(path, number, "the file name is empty")
                : new SplitLine(number, file, FoldOf(fields, number, path), SideOf(fields[Side], number, path));
        }

        private int? FoldOf(string[] fields, long number, string path) =>
            Fold is null ? null
            : int.TryParse(fields[Fold.Value].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int fold)
                ? fold
            : throw Wrong(path, number, $"'{Shown(fields[Fold.Value])}' is not a fold number");

        private static Side SideOf(string text, long number, string path) =>
            text.Trim().ToLowerInvariant() switch
            {
                "train" or "training" => Data.Side.Train,
                "validation" or "validate" or "valid" or "val" => Data.Side.Validation,
                "test" or "testing" => Data.Side.Test,
                _ => throw Wrong(path, number, $"'{Shown(text)}' is not a side (train, validation or test)"),
            };

        private static string Shown(string text) => OneLine.Of(Clipped.To(40, text));
    }
}
