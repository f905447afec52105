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

    /// <summary>Tags, musical and shorthand format characters, ignorable fillers, and code points that are none.</summary>
    [Theory]
    [InlineData("a\U000E0001b\U000E0041", "a\\udb40\\udc01b\\udb40\\udc41")]
    [InlineData("\U0001D173\U0001BCA0", "\\ud834\\udd73\\ud82f\\udca0")]
    [InlineData("\ufffe\uffff\ufdd0\U0010FFFF", "\\ufffe\\uffff\\ufdd0\\udbff\\udfff")]
    [InlineData("\u061c\u200b\u00ad\u034f\u3164\ufe0f", "\\u061c\\u200b\\u00ad\\u034f\\u3164\\ufe0f")]
    [InlineData("größe 乳腺癌 🧬", "größe 乳腺癌 🧬")]
    public void Characters_that_cannot_be_seen_are_escaped(string text, string line) =>
        Assert.Equal(line, OneLine.Escaped(text));

    [Fact]
    public void Halves_of_characters_are_escaped() =>
        Assert.Equal(
            "a\\ud83eb\\udd2c",
            OneLine.Escaped(string.Concat("a", new string('\ud83e', 1), "b", new string('\udd2c', 1)))
        );

    [Fact]
    public void A_quoted_text_keeps_its_line_breaks_as_escapes() =>
        Assert.Equal(" a\\r\\n\\tb\\u2028\\u001b ", OneLine.Escaped(" a\r\n\tb\u2028\u001b "));
}
