using BreakHis.Data.Sources;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

public sealed class BreakhisSlideTests
{
    [Theory]
    [InlineData("14-22549AB", "14-22549")]
    [InlineData("14-22549", "14-22549")]
    [InlineData("patientA", "patientA")]
    [InlineData("P12A", "P12A")]
    [InlineData("", "")]
    public void Only_slides_of_BreaKHis_have_a_root(string patient, string root) =>
        Assert.Equal(root, BreakhisSlide.RootOf(patient));
}
