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
    public void Lines_are_joined_with_blanks(string text, string line) => Assert.Equal(line, OneLine.Of(text));
}
