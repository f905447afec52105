using Xunit;

namespace BreakHis.Acceptance;

public sealed class SmokeTests
{
    [Fact]
    public void Runs() => Assert.True(true);
}
