using System.Globalization;
using BreakHis.Data.Sources;
using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>What the fields of a split file mean, and how they are separated.</summary>
/// <param name="Name">The index of the field that names an image or a patient.</param>
/// <param name="IsPatient">Whether it names a patient; null if only the images can say.</param>
/// <param name="Sides">The indices of the fields that may give the side; none in a list of one side.</param>
/// <param name="HasHeader">Whether the first line names the fields.</param>
internal sealed record SplitColumns(
    char Separator,
    int Name,
    bool? IsPatient,
    int? Fold,
    IReadOnlyList<int> Sides,
    int Count,
    bool HasHeader
)
{
    /// <summary>A name of the image, the patient or the fold that several columns have, or null.</summary>
    public string? Doubled { private get; init; }

    /// <summary>The indices of further fields that may name the image.</summary>
    public IReadOnlyList<int> OtherImages { private get; init; } = [];

    /// <summary>The columns that are named after sides, if no column gives the side.</summary>
    public SideColumns? BySide { get; init; }

    /// <summary>Whether the lines have folds but no sides: the images of the chosen fold are held out.</summary>
    public bool HoldsOut => HasHeader && Sides.Count == 0 && BySide is null && Fold is not null;

    /// <summary>Limit in characters of a path or patient.</summary>
    private const int LongestName = 4096;

    /// <summary>Lines of <c>file|magnification|fold|train-or-test</c>, as published with BreaKHis.</summary>
    private static SplitColumns Published { get; } = new('|', 0, false, 2, [3], 4, HasHeader: false);

    /// <summary>Lines that are nothing but paths. No path contains the separator, so each line is one field.</summary>
    private static SplitColumns Paths { get; } = new('\0', 0, false, null, [], 1, HasHeader: false);

    /// <summary>Returns the columns of a split file from its first line, or null if it has no known form.</summary>
    public static SplitColumns? Of(string firstLine) =>
        SplitHeader.Columns(firstLine, needsSide: true)
        ?? (firstLine.Contains('|', StringComparison.Ordinal) ? Published : null);

    /// <summary>Returns the columns of a list of one side: those of its header, or nothing but paths.</summary>
    public static SplitColumns OfList(string firstLine) => SplitHeader.Columns(firstLine, needsSide: false) ?? Paths;

    /// <summary>Parses the fields of a line, which may name several images if it has a field for each side.</summary>
    /// <param name="listed">The side of all lines of a list; null if each line has its own.</param>
    /// <param name="wrong">Creates the error for the line.</param>
    public IEnumerable<SplitLine> Lines(CsvField[] fields, long number, Side? listed, Func<string, Exception> wrong)
    {
        if (fields.Length != Count)
        {
            throw wrong($"{Plural.Of(fields.Length, "field")}; expected {Count}");
        }

        int? fold = FoldOf(fields, wrong);
        return listed is null && BySide is { AreMarks: false }
            ? BySide.Names(fields).Select(named => Line(named.Field, named.Side))
            : [Line(fields[Name], listed ?? SideOf(fields, wrong))];

        SplitLine Line(CsvField field, Side side) =>
            new(number, NameOf(field, wrong), fold, side)
            {
                IsPatient = IsPatient,
                IsAbsolute = IsPatient != true && SplitPath.IsAbsolute(Unquoted(field)),
            };
    }

    private string NameOf(CsvField field, Func<string, Exception> wrong)
    {
        string name = Unquoted(field);
        string what = IsPatient == true ? "the patient" : "the file name";
        return name.Length == 0 ? throw wrong($"{what} is empty")
            : name.Length > LongestName ? throw wrong($"{what} has more than {LongestName} characters")
            : IsPatient == true ? name
            : SplitPath.Plain(name);
    }

    /// <summary>
    /// Returns the columns with the one that gives the sides: a file may have another one of such a name, such as the side
    /// of the body.
    /// </summary>
    /// <param name="records">All records after the header; enumerated several times.</param>
    /// <param name="wrong">Creates the error for columns that contradict each other or have the same name.</param>
    public SplitColumns WithOneSide(IEnumerable<CsvField[]> records, Func<string, Exception> wrong)
    {
        if (Doubled is not null)
        {
            throw wrong($"several columns are named '{Doubled}'; remove or rename one");
        }

        if (BySide is not null)
        {
            return this with { BySide = BySide.Filled(records, Name) };
        }

        if (HoldsOut && ColumnOfSides(records) is int other)
        {
            throw wrong($"column {other + 1} contains sides; name it 'side'");
        }

        if (Sides.Count <= 1 && OtherImages.Count == 0)
        {
            return this;
        }

        HashSet<int> found = [];
        foreach (CsvField[] record in records)
        {
            if (record.Length == Count && OtherImages.Any(other => AreImages(record[Name], record[other])))
            {
                throw wrong(
                    $"several columns name images, and they differ ({string.Join(", ", OtherImages.Prepend(Name).Select(i => Shown(record[i].Text)))}); remove or rename one"
                );
            }

            found.UnionWith(
                Sides.Where(side => !found.Contains(side) && side < record.Length && Named(record[side]) is not null)
            );
        }

        int[] valid = [.. Sides.Where(found.Contains)];
        CsvField[]? differs =
            valid.Length > 1
                ? records.FirstOrDefault(record =>
                    record.Length == Count && valid.Select(side => Named(record[side])).Distinct().Count() > 1
                )
                : null;
        return valid.Length == 0 ? this
            : differs is null ? this with { Sides = [valid[0]] }
            : throw wrong(
                $"several columns give sides, and they differ ({string.Join(", ", valid.Select(side => Shown(differs[side].Text)))}); remove or rename one"
            );
    }

    /// <summary>Returns the first column whose fields are all sides, or null.</summary>
    private int? ColumnOfSides(IEnumerable<CsvField[]> records)
    {
        List<int> left = [.. Enumerable.Range(0, Count)];
        int seen = 0;
        foreach (CsvField[] record in records)
        {
            left.RemoveAll(i => i >= record.Length || Named(record[i]) is null);
            seen++;
            if (left.Count == 0)
            {
                break;
            }
        }

        return seen > 0 && left.Count > 0 ? left[0] : null;
    }

    /// <summary>Whether two fields name different image files.</summary>
    private static bool AreImages(CsvField first, CsvField second)
    {
        string[] files = [.. ((CsvField[])[first, second]).Select(field => SplitPath.Plain(Unquoted(field)))];
        return Array.TrueForAll(files, file => ImageFormats.KindOf(file) is not null)
            && Path.GetFileName(files[0]) != Path.GetFileName(files[1]);
    }

    private int? FoldOf(CsvField[] fields, Func<string, Exception> wrong) =>
        Fold is null ? null
        : int.TryParse(fields[Fold.Value].Text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int fold)
            ? fold
        : throw wrong($"'{Shown(fields[Fold.Value].Text)}' is not a fold number");

    private Side SideOf(CsvField[] fields, Func<string, Exception> wrong) =>
        BySide is not null ? BySide.Marked(fields, wrong)
        : HoldsOut ? Side.Validation
        : Named(fields[Sides[0]])
            ?? throw wrong($"'{Shown(fields[Sides[0]].Text)}' is not a side (train, validation or test)");

    private static Side? Named(CsvField field) => Data.Sides.Named(Unquoted(field).Trim());

    /// <summary>Quotes after a blank are not those of RFC 4180, but common.</summary>
    internal static string Unquoted(CsvField field) =>
        field.IsQuoted ? field.Text
        : field.Text.Trim() is ['"', .., '"'] quoted ? quoted[1..^1].Trim()
        : field.Text.Trim();

    private static string Shown(string text) => OneLine.Of(Clipped.To(40, text));
}
