using System.Globalization;
using BreakHis.Data.Sources;
using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>What the fields of a split file mean, and how they are separated.</summary>
/// <param name="Name">The index of the field that names an image or a patient.</param>
/// <param name="Sides">The indices of the fields that may give the side; none in a list of one side.</param>
/// <param name="HasHeader">Whether the first line names the fields.</param>
internal sealed record SplitColumns(
    char Separator,
    int Name,
    bool IsPatient,
    int? Fold,
    IReadOnlyList<int> Sides,
    int Count,
    bool HasHeader
)
{
    /// <summary>A name of the image, the patient or the fold that several columns have, or null.</summary>
    private string? Doubled { get; init; }

    /// <summary>The indices of further fields that may name the image.</summary>
    private IReadOnlyList<int> OtherImages { get; init; } = [];

    /// <summary>Limit in characters of a path or patient.</summary>
    private const int LongestName = 4096;

    private static readonly string[] ImageNames =
    [
        "path",
        "filepath",
        "file_path",
        "image_path",
        "file",
        "filename",
        "file_name",
        "image",
        "image_name",
        "image_file",
        "img",
        "img_path",
        "image_id",
        "img_id",
        "id",
        "relative_path",
    ];

    private static readonly string[] PatientNames =
    [
        "patient",
        "patient_id",
        "case",
        "case_id",
        "subject",
        "subject_id",
        "slide",
        "slide_id",
    ];
    private static readonly string[] SideNames =
    [
        "side",
        "split",
        "set",
        "subset",
        "partition",
        "phase",
        "dataset",
        "data_split",
        "grp",
        "group",
    ];
    private static readonly string[] FoldNames = ["fold"];
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Lines of <c>file|magnification|fold|train-or-test</c>, as published with BreaKHis.</summary>
    private static SplitColumns Published { get; } = new('|', 0, false, 2, [3], 4, HasHeader: false);

    /// <summary>Lines that are nothing but paths. No path contains the separator, so each line is one field.</summary>
    private static SplitColumns Paths { get; } = new('\0', 0, false, null, [], 1, HasHeader: false);

    /// <summary>Returns the columns of a split file from its first line, or null if it has no known form.</summary>
    public static SplitColumns? Of(string firstLine) =>
        OfHeader(firstLine, needsSide: true) ?? (firstLine.Contains('|', StringComparison.Ordinal) ? Published : null);

    /// <summary>Returns the columns of a list of one side: those of its header, or nothing but paths.</summary>
    public static SplitColumns OfList(string firstLine) => OfHeader(firstLine, needsSide: false) ?? Paths;

    /// <summary>Parses the fields of a line.</summary>
    /// <param name="listed">The side of all lines of a list; null if each line has its own.</param>
    /// <param name="wrong">Creates the error for the line.</param>
    public SplitLine Line(CsvField[] fields, long number, Side? listed, Func<string, Exception> wrong)
    {
        if (fields.Length != Count)
        {
            throw wrong($"{Plural.Of(fields.Length, "field")}; expected {Count}");
        }

        string name = Unquoted(fields[Name]);
        if (name.Length == 0)
        {
            throw wrong(IsPatient ? "the patient is empty" : "the file name is empty");
        }

        if (name.Length > LongestName)
        {
            throw wrong($"{(IsPatient ? "the patient" : "the file name")} has more than {LongestName} characters");
        }

        return new SplitLine(
            number,
            IsPatient ? name : SplitPath.Plain(name),
            FoldOf(fields, wrong),
            listed ?? SideOf(fields[Sides[0]], wrong)
        )
        {
            IsPatient = IsPatient,
            IsAbsolute = !IsPatient && SplitPath.IsAbsolute(name),
        };
    }

    private static SplitColumns? OfHeader(string line, bool needsSide) =>
        Separators.Select(separator => OfHeader(line, separator, needsSide)).FirstOrDefault(found => found is not null);

    private static SplitColumns? OfHeader(string line, char separator, bool needsSide)
    {
        string[] names = [.. line.Split(separator).Select(Plain)];
        int? image = IndexOf(names, ImageNames);
        int? fold = IndexOf(names, FoldNames);
        int[] sides = [.. SideNames.SelectMany(name => Enumerable.Range(0, names.Length).Where(i => names[i] == name))];
        return (image ?? IndexOf(names, PatientNames)) is int named && (sides.Length > 0 || !needsSide)
            ? new SplitColumns(
                separator,
                named,
                image is null,
                fold,
                needsSide ? sides : [],
                names.Length,
                HasHeader: true
            )
            {
                OtherImages =
                [
                    .. Enumerable
                        .Range(0, names.Length)
                        .Where(i =>
                            image is not null && i != named && ImageNames.Contains(names[i], StringComparer.Ordinal)
                        ),
                ],
                Doubled = ((int?[])[named, fold])
                    .Select(i => i is int at ? names[at] : null)
                    .FirstOrDefault(name => names.Count(other => other == name) > 1),
            }
            : null;
    }

    /// <summary>A name of a column without quotes, in lower case, and with underscores between its words.</summary>
    private static string Plain(string name) =>
        name.Trim().Trim('"').Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static int? IndexOf(string[] names, string[] known) =>
        known.Select(name => Array.IndexOf(names, name)).Where(i => i >= 0).Select(i => (int?)i).FirstOrDefault();

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

    private static Side SideOf(CsvField field, Func<string, Exception> wrong) =>
        Named(field) ?? throw wrong($"'{Shown(field.Text)}' is not a side (train, validation or test)");

    private static Side? Named(CsvField field) => Data.Sides.Named(Unquoted(field).Trim());

    /// <summary>Quotes after a blank are not those of RFC 4180, but common.</summary>
    private static string Unquoted(CsvField field) =>
        field.IsQuoted ? field.Text
        : field.Text.Trim() is ['"', .., '"'] quoted ? quoted[1..^1].Trim()
        : field.Text.Trim();

    private static string Shown(string text) => OneLine.Of(Clipped.To(40, text));
}
