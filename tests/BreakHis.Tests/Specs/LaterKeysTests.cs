using BreakHis.Json;
using BreakHis.Plans;
using BreakHis.Specs;
using Xunit;

namespace BreakHis.Tests.Specs;

/// <summary>Readers see the keys that canonical forms omit because they came later.</summary>
public sealed class LaterKeysTests
{
    [Fact]
    public void A_spec_without_later_keys_is_completed_in_the_order_of_canonical_JSON()
    {
        string canonical = """{"about":"a","data":{"source":"folders"},"model":{},"name":"n"}""";

        Assert.Equal(
            """{"about":"a","data":{"source":"folders"},"determinism":"native","model":{},"name":"n"}""",
            CanonicalForm.Complete(canonical)
        );
    }

    [Fact]
    public void A_plan_without_a_start_of_fine_tune_started_from_the_bottleneck()
    {
        string plan = """{"determining":{"fine_tune":{"train_from":"stage4"}},"fingerprint":"f"}""";

        Assert.Equal(
            [
                ("determining.fine_tune.start_from", "bottleneck"),
                ("determining.fine_tune.train_from", "stage4"),
                ("fingerprint", "f"),
            ],
            JsonFlattening.Flatten(PlanJson.Complete(plan))
        );
    }

    [Theory]
    [InlineData("""{"determinism":"portable","name":"\u00e9 <b>"}""")]
    [InlineData("""{"name":1e400,"stages":[1]}""")]
    public void Present_keys_and_values_are_kept(string canonical) =>
        Assert.Equal(
            JsonFlattening.Flatten(canonical),
            JsonFlattening.Flatten(CanonicalForm.Complete(canonical)).Where(leaf => leaf != ("determinism", "native"))
        );

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("\"\ud800")]
    public void Other_texts_are_returned_unchanged(string text) => Assert.Equal(text, CanonicalForm.Complete(text));
}
