using System.Globalization;
using BreakHis.Wording;

namespace BreakHis.Data.Splits;

/// <summary>What the fields of a split file mean, and how they are separated.</summary>
/// <param name="Name">The index of the field that names an image or a patient.</param>
/// <param name="Side">The index of the side, or null in a list of one side.</param>
/// <param name="Count">The number of fields.</param>
/// <param name="HasHeader">Whether the first line names the fields.</param>
internal sealed record SplitColumns(
    char Separator,
    int Name,
    bool IsPatient,
    int? Fold,
    int? Side,
    int Count,
    bool HasHeader
)
{
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
    ];

    private static readonly string[] PatientNames = ["patient", "patient_id", "slide", "slide_id"];
    private static readonly string[] SideNames = ["side", "split", "set", "subset", "grp", "group"];
    private static readonly string[] FoldNames = ["fold"];
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Lines of <c>file|magnification|fold|train-or-test</c>, as published with BreaKHis.</summary>
    private static SplitColumns Published { get; } = new('|', 0, false, 2, 3, 4, HasHeader: false);

    /// <summary>Lines that are nothing but paths. No path contains the separator, so each line is one field.</summary>
    private static SplitColumns Paths { get; } = new('\0', 0, false, null, null, 1, HasHeader: false);

    /// <summary>Returns the columns of a split file from its first line, or null if it has no known form.</summary>
    public static SplitColumns? Of(string firstLine) =>
        OfHeader(firstLine, needsSide: true) ?? (firstLine.Contains('|', StringComparison.Ordinal) ? Published : null);

    /// <summary>Returns the columns of a list of one side: those of its header, or nothing but paths.</summary>
    public static SplitColumns OfList(string firstLine) => OfHeader(firstLine, needsSide: false) ?? Paths;

    /// <summary>Parses the fields of a line.</summary>
    /// <param name="listed">The side of all lines of a list; null if each line has its own.</param>
    /// <param name="wrong">Creates the error for the line.</param>
    public SplitLine Line(string[] fields, long number, Side? listed, Func<string, Exception> wrong)
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

        return new SplitLine(
            number,
            IsPatient ? name : SplitPath.Plain(name),
            FoldOf(fields, wrong),
            listed ?? SideOf(fields[Side!.Value], wrong)
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
        string[] names = [.. line.Split(separator).Select(name => name.Trim().Trim('"').ToLowerInvariant())];
        int? image = IndexOf(names, ImageNames);
        int? side = IndexOf(names, SideNames);
        return (image ?? IndexOf(names, PatientNames)) is int named && (side is not null || !needsSide)
            ? new SplitColumns(
                separator,
                named,
                image is null,
                IndexOf(names, FoldNames),
                needsSide ? side : null,
                names.Length,
                HasHeader: true
            )
            : null;
    }

    private static int? IndexOf(string[] names, string[] known) =>
        known.Select(name => Array.IndexOf(names, name)).Where(i => i >= 0).Select(i => (int?)i).FirstOrDefault();

    private int? FoldOf(string[] fields, Func<string, Exception> wrong) =>
        Fold is null ? null
        : int.TryParse(fields[Fold.Value].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int fold) ? fold
        : throw wrong($"'{Shown(fields[Fold.Value])}' is not a fold number");

    private static Side SideOf(string text, Func<string, Exception> wrong) =>
        Sides.Named(Unquoted(text)) ?? throw wrong($"'{Shown(text)}' is not a side (train, validation or test)");

    /// <summary>Quotes after a blank are not those of RFC 4180, but common.</summary>
    private static string Unquoted(string field) =>
        field.Trim() is ['"', .., '"'] quoted ? quoted[1..^1].Trim() : field.Trim();

    private static string Shown(string text) => OneLine.Of(Clipped.To(40, text));
}
