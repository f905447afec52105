using BreakHis.Provenance.Git;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

public sealed class OmittedFileTests
{
    private const string Hash = "87428fc522803d31065e7bce3cf03fe475096631e5e07bbd7a0fde60c4cf25c7";

    private const string Commit = "3f786850e387550fdab836ed7e6dc881de23001b";

    [Fact]
    public void Each_file_is_one_line_of_canonical_JSON() =>
        Assert.Equal(
            """
            {"path":"x (y\nz.bin","reason":"why (not)","sha256":"ab12"}
            {"path":"ü \"b\"","reason":"","sha256":"unreadable"}
            """,
            OmittedFile.TextOf([new("ab12", "x (y\nz.bin", "why (not)"), new("unreadable", "ü \"b\"", "")])
        );

    [Fact]
    public void Any_files_are_read_back()
    {
        Gen<string> text = Gen.String[Gen.Char["a(). \n\\\"{}ü"], 0, 12];
        Gen.Select(text, text, text)
            .Select((sha256, path, reason) => new OmittedFile(sha256, path, reason))
            .Array[1, 4]
            .Sample(files => OmittedFile.From(OmittedFile.TextOf(files))!.SequenceEqual(files));
    }

    [Theory]
    [InlineData("a (old).bin", "1048577 bytes, too large for the patch")]
    [InlineData("a", "cannot be read [locked by another process [12))")]
    [InlineData("a b/c) (d", "untracked, and its name suggests a secret")]
    [InlineData("a (b\nc.bin", "the patch reached its size limit")]
    public void Entries_of_earlier_builds_are_read(string path, string reason) =>
        Assert.Equal(
            [
                new(Hash, path, reason),
                new("unreadable", "b", "why"),
                new(Commit, path, reason),
                new("none", "c", "why"),
            ],
            OmittedFile.From($"{Hash} {path} ({reason})\nunreadable b (why)\n{Commit} {path} ({reason})\nnone c (why)")!
        );

    [Theory]
    [InlineData("")]
    [InlineData("ab12")]
    [InlineData("ab12 a")]
    [InlineData("ab12 a (open")]
    [InlineData("ab12 (reason)")]
    [InlineData($"{Hash} a (why)\n{Hash} b")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"path":"a","reason":"why"}""")]
    [InlineData("""{"path":1,"reason":"why","sha256":"ab12"}""")]
    [InlineData("""{"path":"\ud800","reason":"why","sha256":"ab12"}""")]
    [InlineData("{\"path\":\"a\",\"reason\":\"why\",\"sha256\":\"ab12\"}\n")]
    public void Other_texts_are_not_files(string text) => Assert.Null(OmittedFile.From(text));
}
