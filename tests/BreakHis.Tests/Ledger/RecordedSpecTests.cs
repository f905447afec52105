using BreakHis.Ledger.Reading;
using BreakHis.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Ledger;

public sealed class RecordedSpecTests
{
    [Fact]
    public void A_canonical_spec_is_read_back() =>
        Specs.SpecGen.Spec.Sample(
            spec =>
                Assert.Equal(
                    new RecordedSpec(spec.Name, spec.About, spec.Margin, spec.Data.Source, spec.Data.Split.By),
                    RecordedSpec.Of(CanonicalForm.Of(spec))
                ),
            iter: 100
        );

    [Theory]
    [InlineData("{broken")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"about":1,"margin":"2","data":{"source":"later","split":[]}}""")]
    [InlineData("""{"data":null}""")]
    public void Missing_and_unknown_values_are_null(string json) =>
        Assert.Equal(new RecordedSpec(null, null, null, null, null), RecordedSpec.Of(json));
}
