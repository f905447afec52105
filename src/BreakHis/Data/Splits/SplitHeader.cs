namespace BreakHis.Data.Splits;

/// <summary>Finds the columns of a split file by their names.</summary>
internal static class SplitHeader
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
        "image_file",
        "image_filename",
        "img",
        "img_path",
        "img_name",
        "image_id",
        "img_id",
        "id",
        "relative_path",
        "name",
        "fname",
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

    private static readonly string[] FoldNames = ["fold", "kfold", "fold_id", "cv_fold"];
    private static readonly char[] Separators = [',', ';', '\t', '|'];

    /// <summary>Returns the columns, or null if the line is not a header that names images or patients.</summary>
    /// <param name="needsSide">Whether columns must give the sides, or a fold that can be held out.</param>
    public static SplitColumns? Columns(string line, bool needsSide) =>
        Separators.Select(separator => Columns(line, separator, needsSide)).FirstOrDefault(found => found is not null);

    private static SplitColumns? Columns(string line, char separator, bool needsSide)
    {
        string[] names = [.. line.Split(separator).Select(Plain)];
        int? image = IndexOf(names, ImageNames);
        int? patient = IndexOf(names, PatientNames);
        int? fold = IndexOf(names, FoldNames);
        int[] sides =
        [
            .. needsSide
                ? SideNames.SelectMany(name => Enumerable.Range(0, names.Length).Where(i => names[i] == name))
                : [],
        ];
        SideColumns? bySide = needsSide && sides.Length == 0 ? SideColumns.Of(names) : null;
        int? named = image ?? patient ?? (bySide is null ? null : 0);
        return named is null || (needsSide && sides.Length == 0 && bySide is null && fold is null)
            ? null
            : new SplitColumns(
                separator,
                named.Value,
                image is not null ? false
                    : patient is not null ? true
                    : null,
                fold,
                sides,
                names.Length,
                HasHeader: true
            )
            {
                BySide = bySide,
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
                    .FirstOrDefault(name => name is not null && names.Count(other => other == name) > 1),
            };
    }

    /// <summary>A name of a column without quotes, in lower case, and with underscores between its words.</summary>
    private static string Plain(string name) =>
        name.Trim().Trim('"').Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static int? IndexOf(string[] names, string[] known) =>
        known.Select(name => Array.IndexOf(names, name)).Where(i => i >= 0).Select(i => (int?)i).FirstOrDefault();
}
