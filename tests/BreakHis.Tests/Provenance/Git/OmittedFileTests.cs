using BreakHis.Provenance.Git;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

public sealed class OmittedFileTests
{
    [Theory]
    [InlineData("a (old).bin", "1048577 bytes, too large for the patch")]
    [InlineData("a", "cannot be read (locked by another process (12))")]
    [InlineData("a b/c) (d", "untracked, and its name suggests a secret")]
    public void A_line_is_read_back(string path, string reason)
    {
        var read = OmittedFile.From(new OmittedFile("ab12", path, reason).Line);

        Assert.Equal(("ab12", path), (read!.Sha256, read.Path));
    }

    [Fact]
    public void Any_path_is_read_back_whatever_the_reason() =>
        Gen.Select(Gen.String[Gen.Char["a( )."], 1, 12], Gen.String[Gen.Char["a( )."], 1, 12])
            .Sample((path, reason) => OmittedFile.From(new OmittedFile("ab12", path, reason).Line)?.Path == path);

    [Theory]
    [InlineData("")]
    [InlineData("ab12")]
    [InlineData("ab12 a")]
    [InlineData("ab12 a (open")]
    [InlineData("ab12 (reason)")]
    public void Other_lines_are_not_files(string line) => Assert.Null(OmittedFile.From(line));
}
