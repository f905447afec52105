using BreakHis.Specs.Problems;
using Xunit;

namespace BreakHis.Tests.Specs.Problems;

public sealed class NearestNameTests
{
    /// <summary>A third of a name's letters may differ, at least one and at most three.</summary>
    [Theory]
    [InlineData("ab", "abc", true)]
    [InlineData("a", "abc", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("", "a", true)]
    [InlineData("", "ab", false)]
    [InlineData("abdc", "abcd", true)]
    [InlineData("bacd", "abcd", true)]
    [InlineData("badc", "abcd", false)]
    [InlineData("abxcd", "abcd", true)]
    [InlineData("xpochy", "epochs", true)]
    [InlineData("xpocyz", "epochs", false)]
    [InlineData("abcdefxyz", "abcdefghi", true)]
    [InlineData("abcdewxyz", "abcdefghi", false)]
    [InlineData("abcdefghixyz", "abcdefghijkl", true)]
    [InlineData("abcdefghwxyz", "abcdefghijkl", false)]
    [InlineData("Batch-Size", "batch_size", true)]
    [InlineData("loss", "validation_loss", true)]
    [InlineData("los", "validation_loss", false)]
    public void A_name_is_near_if_few_letters_differ(string given, string name, bool isNear)
    {
        Assert.Equal(isNear ? name : null, NearestName.Of(given, [name]));
        Assert.Equal(isNear, NearestName.Question(given, [name]).Contains(name, StringComparison.Ordinal));
        Assert.Equal(!isNear, NearestName.Question(given, [name]).Length == 0);
    }

    [Fact]
    public void The_nearest_name_is_found_and_the_first_of_equally_near_ones()
    {
        Assert.Equal("abcdef", NearestName.Of("abcdee", ["abxdex", "abcdef", "zzz"]));
        Assert.Equal("aab", NearestName.Of("aac", ["aad", "aab", "aae"]));
        Assert.Null(NearestName.Of("aac", []));
    }

    [Fact]
    public void Only_the_first_64_characters_are_compared()
    {
        string name = new('a', 64);

        Assert.Equal(name, NearestName.Of(name + new string('b', 99), [name]));
        Assert.Null(NearestName.Of(new string('a', 60) + "bbbb", [name]));
    }
}
