namespace BreakHis.Data.Splits;

/// <summary>
/// Columns that are named after sides, such as train, val and test. Each lists the images or patients of its side, or
/// marks those that are on it, as in the two forms of the splits of CLAM (Lu et al. 2021).
/// </summary>
/// <param name="Columns">The index of each column, and its side.</param>
/// <param name="AreMarks">Whether the cells are marks, such as True and False.</param>
internal sealed record SideColumns(IReadOnlyList<(int Index, Side Side)> Columns, bool AreMarks)
{
    private static readonly string[] Set = ["1", "1.0", "true", "yes", "x"];
    private static readonly string[] Unset = ["", "0", "0.0", "false", "no"];

    /// <summary>Returns the columns of a header, or null if it has fewer than two, or two for one side.</summary>
    public static SideColumns? Of(IReadOnlyList<string> names)
    {
        (int Index, Side Side)[] columns =
        [
            .. names
                .Index()
                .Select(name => (name.Index, Side: Sides.Named(name.Item)))
                .Where(column => column.Side is not null)
                .Select(column => (column.Index, column.Side!.Value)),
        ];
        return columns.Length > 1 && columns.DistinctBy(column => column.Side).Count() == columns.Length
            ? new SideColumns(columns, AreMarks: false)
            : null;
    }

    /// <summary>Returns the columns with what their cells are.</summary>
    /// <param name="records">All records after the header.</param>
    /// <param name="name">The index of the field that names an image or patient, if the cells are marks.</param>
    public SideColumns Filled(IEnumerable<CsvField[]> records, int name) =>
        this with
        {
            AreMarks =
                Columns.All(column => column.Index != name)
                && records.All(record =>
                    Columns.All(column => column.Index >= record.Length || Mark(record[column.Index]) is not null)
                ),
        };

    /// <summary>Returns the images or patients that a line lists, each with its side.</summary>
    public IEnumerable<(CsvField Field, Side Side)> Names(CsvField[] fields) =>
        Columns
            .Select(column => (fields[column.Index], column.Side))
            .Where(cell => !string.IsNullOrWhiteSpace(cell.Item1.Text));

    /// <summary>Returns the side that a line marks.</summary>
    public Side Marked(CsvField[] fields, Func<string, Exception> wrong)
    {
        Side[] marked = [.. Columns.Where(column => Mark(fields[column.Index]) == true).Select(column => column.Side)];
        return marked is [Side side]
            ? side
            : throw wrong(
                marked.Length == 0
                    ? "marks no side"
                    : $"marks several sides ({string.Join(", ", marked.Select(Sides.Word))})"
            );
    }

    private static bool? Mark(CsvField field)
    {
        string text = SplitColumns.Unquoted(field);
        return Set.Contains(text, StringComparer.OrdinalIgnoreCase) ? true
            : Unset.Contains(text, StringComparer.OrdinalIgnoreCase) ? false
            : null;
    }
}
