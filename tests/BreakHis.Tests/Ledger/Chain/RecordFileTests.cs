using BreakHis.Ledger;
using BreakHis.Ledger.Chain;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Ledger.Chain;

public sealed class RecordFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["record.jsonl"];

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("a\n", "a")]
    [InlineData("a\nb", "a")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("\n", "")]
    [InlineData("\n\nü\n", "||ü")]
    public void An_incomplete_last_line_is_left_out(string text, string lines)
    {
        File.WriteAllText(Path, text);

        Assert.Equal(lines, string.Join('|', RecordFile.Lines(Path)));
        Assert.Equal(text.EndsWith('\n'), RecordFile.IsWhole(Path));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(99, 2)]
    public void Only_lines_within_the_given_length_are_read(long most, int lines)
    {
        File.WriteAllText(Path, "aa\nbb\n");

        Assert.Equal(lines, RecordFile.Lines(Path, most).Count());
    }

    /// <summary>The file is searched backwards in blocks of 65,536 bytes.</summary>
    [Theory]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(200_000)]
    public void Line_ends_are_found_across_blocks(int length)
    {
        string line = new('x', length);
        File.WriteAllText(Path, $"a\n{line}\n{line}");

        Assert.Equal(["a", line], RecordFile.Lines(Path));
    }

    [Theory]
    [InlineData("aaaa\nbb\n", 8, 4, "")]
    [InlineData("aaaa\nbb\n", 7, 4, "record.jsonl: is longer than")]
    [InlineData("bb\naaaa\n", 8, 3, "record.jsonl, line 2: is longer than")]
    [InlineData("bb\naaaa", 7, 3, "record.jsonl, line 2: is longer than")]
    public void A_file_or_line_that_is_too_long_is_refused(string text, long file, int line, string fault)
    {
        File.WriteAllText(Path, text);
        var limits = new RecordLimits(file, line, 1, 1);

        Exception? e = Record.Exception(() => RecordFile.Lines(Path, limits).Count());

        Assert.Equal(fault.Length > 0 ? typeof(LedgerException) : null, e?.GetType());
        Assert.Contains(fault, e?.Message ?? "", StringComparison.Ordinal);
    }

    /// <summary>Searching terabytes for the last line takes hours.</summary>
    [Fact]
    public void A_file_that_is_too_long_is_not_searched_for_its_last_line()
    {
        SparseFile.Make(Path, 1L << 40);

        Assert.Equal("", RecordFile.LastHash(Path));
    }

    [Fact]
    public void A_missing_or_locked_file_is_not_complete()
    {
        Assert.False(RecordFile.IsWhole(Path));
        Assert.False(RecordFile.IsWhole(_folder["no/folder"]));

        File.WriteAllText(Path, "a\n");
        using (new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.False(RecordFile.IsWhole(Path));
        }

        using (new FileStream(Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            Assert.True(RecordFile.IsWhole(Path));
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" ", false)]
    [InlineData("x", false)]
    public void A_line_is_read_back_as_written(string before, bool isLine)
    {
        var line = new RecordFileLine(12, SyntheticRun.Hash(1), SyntheticRun.Hash(2), "{\"a\":{}}");

        Assert.Equal(isLine ? line : null, RecordFileLine.Parse(before + line));
        Assert.False(line.IsAsHashed);
    }

    [Theory]
    [InlineData("\"ledger\":12", "\"ledger\":0")]
    [InlineData("\"ledger\":12", "\"ledger\":-1")]
    [InlineData("\"ledger\":12", "\"ledger\":1234567890123456789")]
    [InlineData("\"hash\"", "\"Hash\"")]
    [InlineData("00001\",\"head\"", "0000g\",\"head\"")]
    [InlineData("00001\",\"head\"", "000001\",\"head\"")]
    [InlineData("\"record\":{", "\"record\":[")]
    [InlineData("{}}", "{}")]
    public void Other_text_is_not_a_line(string from, string to)
    {
        string line = new RecordFileLine(12, SyntheticRun.Hash(1), SyntheticRun.Hash(2), "{}").ToString();
        Assert.Contains(from, line, StringComparison.Ordinal);

        Assert.Null(RecordFileLine.Parse(line.Replace(from, to, StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Dispose();
}
