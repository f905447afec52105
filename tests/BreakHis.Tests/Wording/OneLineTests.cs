using BreakHis.Wording;
using Xunit;

namespace BreakHis.Tests.Wording;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("the disk is full", "the disk is full")]
    [InlineData("fatal: bad object\r\nhint: fetch it\n", "fatal: bad object hint: fetch it")]
    [InlineData("first\n\n    second ", "first second")]
    [InlineData("a\u0085b\u2028c\u2029d\fe", "a b c d e")]
    [InlineData("a\tb\u001b[31m\u202ec\0", "a\\tb\\u001b[31m\\u202ec\\u0000")]
    public void Lines_are_joined_with_blanks_and_hidden_characters_are_escaped(string text, string line) =>
        Assert.Equal(line, OneLine.Of(text));

    [Fact]
    public void A_quoted_text_keeps_its_line_breaks_as_escapes() =>
        Assert.Equal(" a\\r\\n\\tb\\u2028\\u001b ", OneLine.Escaped(" a\r\n\tb\u2028\u001b "));
}
