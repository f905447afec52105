using System.Globalization;
using BreakHis.Audit;
using Xunit;

namespace BreakHis.Tests.Audit;

public sealed class CheckResultTests
{
    [Fact]
    public void No_finding_is_one_pass() =>
        Assert.Equal([CheckResult.Pass("all well")], CheckResult.Of([], "all well"));

    [Fact]
    public void Each_finding_is_a_failure() =>
        Assert.Equal([CheckResult.Fail("a"), CheckResult.Fail("b")], CheckResult.Of(["a", "b"], "all well"));

    [Theory]
    [InlineData(20, 20, "20")]
    [InlineData(21, 21, "and 1 more")]
    [InlineData(500, 21, "and 480 more")]
    public void At_most_twenty_findings_are_listed(int findings, int results, string last)
    {
        IReadOnlyList<CheckResult> found = CheckResult.Of(
            Enumerable.Range(1, findings).Select(number => number.ToString(CultureInfo.InvariantCulture)),
            "all well"
        );

        Assert.Equal(results, found.Count);
        Assert.Equal(CheckResult.Fail("20"), found[19]);
        Assert.Equal(CheckResult.Fail(last), found[^1]);
    }
}
