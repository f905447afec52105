using BreakHis.Audit.Record;
using BreakHis.Ledger.Chain;
using Xunit;

namespace BreakHis.Tests.Audit.Record;

/// <summary>Rows of a record that differ from what was written, found by its line or by its marks.</summary>
public sealed class RowDiffTests
{
    private static readonly RecordRow First = Row("provenance", """{"name":"a","value":"1"}""");
    private static readonly RecordRow Second = Row("provenance", """{"name":"b","value":"2"}""");
    private static readonly RecordRow Third = Row("features", """{"key":"k","stage":"s"}""");

    [Fact]
    public void Unchanged_rows_do_not_differ()
    {
        Assert.Empty(RowDiff.ByLine(Line(First, Second, Third), [First, Second, Third]));
        Assert.Empty(RowDiff.ByMarks(RecordLine.Marks([First, Second, Third]), [First, Second, Third]));
        Assert.Empty(RowDiff.ByMarks(RecordLine.Marks([First, First]), [First, First]));
    }

    [Fact]
    public void A_line_shows_columns_in_order_with_both_values()
    {
        RecordRow edited = Row("provenance", """{"name":"a","extra":5,"zebra":null}""");

        Assert.Equal(
            [
                "provenance, name a: extra was recorded as NULL, is now 5",
                "provenance, name a: value was recorded as \"1\", is now NULL",
                "provenance, name a: zebra was recorded as NULL, is now null",
            ],
            RowDiff.ByLine(Line(First, Second), [edited, Second])
        );
    }

    [Fact]
    public void Long_values_are_clipped()
    {
        RecordRow edited = Row("provenance", $$"""{"name":"a","value":"{{new string('x', 500)}}"}""");

        string found = Assert.Single(RowDiff.ByLine(Line(First), [edited]));

        Assert.InRange(found.Length, 80, 160);
    }

    [Fact]
    public void A_line_shows_deleted_and_inserted_rows_by_table_and_key()
    {
        string[] found = [.. RowDiff.ByLine(Line(First, Third), [Second, Third])];

        Assert.Equal(2, found.Length);
        Assert.StartsWith("provenance, name a: ", found[0], StringComparison.Ordinal);
        Assert.StartsWith("provenance, name b: ", found[1], StringComparison.Ordinal);
        Assert.NotEqual(found[0][18..], found[1][18..]);
    }

    [Fact]
    public void Rows_of_an_unknown_table_are_missing() =>
        Assert.Single(RowDiff.ByLine("""{"rows":{"a_table_of_the_future":[{"a":1}]}}""", []));

    [Fact]
    public void Marks_show_edited_rows_by_table_and_key()
    {
        RecordRow edited = Second with { Json = """{"name":"b","value":"3"}""" };

        string found = Assert.Single(RowDiff.ByMarks(RecordLine.Marks([First, Second]), [First, edited]));

        Assert.StartsWith("provenance, name b: ", found, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_show_deleted_rows_by_their_number_and_inserted_ones_by_key()
    {
        string deleted = Assert.Single(RowDiff.ByMarks(RecordLine.Marks([First, Second]), [First]));
        string inserted = Assert.Single(RowDiff.ByMarks(RecordLine.Marks([First]), [First, Second]));
        string twice = Assert.Single(RowDiff.ByMarks(RecordLine.Marks([First]), [First, First]));
        string once = Assert.Single(RowDiff.ByMarks(RecordLine.Marks([First, First]), [First]));

        Assert.StartsWith("provenance, row 2 of 2 ", deleted, StringComparison.Ordinal);
        Assert.StartsWith("provenance, name b: ", inserted, StringComparison.Ordinal);
        Assert.StartsWith("provenance, name a: ", twice, StringComparison.Ordinal);
        Assert.StartsWith("provenance, row 2 of 2 ", once, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_are_compared_table_by_table_in_order()
    {
        RecordRow other = Row("images", """{"image":3}""");

        string[] found = [.. RowDiff.ByMarks(RecordLine.Marks([First, Third]), [other])];

        Assert.Equal(3, found.Length);
        Assert.StartsWith("features, row 1 of 1 ", found[0], StringComparison.Ordinal);
        Assert.StartsWith("images, image 3: ", found[1], StringComparison.Ordinal);
        Assert.StartsWith("provenance, row 1 of 1 ", found[2], StringComparison.Ordinal);
    }

    private static RecordRow Row(string table, string json)
    {
        return new RecordRow(0, LedgerSchema.Tables.Single(t => t.Name == table), json);
    }

    private static string Line(params RecordRow[] rows) => RecordLine.Of(RecordLine.None, "kind", 0, "run", rows);
}
