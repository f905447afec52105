using System.Text.Json;
using BreakHis.Json;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;
using Xunit;

namespace BreakHis.Tests.Specs;

/// <summary>Readers see the keys that canonical forms omit because they came later.</summary>
public sealed class LaterKeysTests
{
    private static readonly RecordShape Shape = ShapeReflection.RecordOf(typeof(Loop));

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
    [InlineData("""{"optimizer":{"fast":{"rate":0.5}}}""", """{"optimizer":{"fast":{"nesterov":true,"rate":0.5}}}""")]
    [InlineData("""{"optimizer":{"fast":{}}}""", """{"optimizer":{"fast":{"nesterov":true}}}""")]
    [InlineData("""{"optimizer":{"slow":{}}}""", """{"optimizer":{"slow":{}}}""")]
    [InlineData(
        """{"others":[{"rate":1},{"nesterov":false}]}""",
        """{"others":[{"nesterov":true,"rate":1},{"nesterov":false}]}"""
    )]
    public void Alternatives_and_items_of_lists_are_completed(string canonical, string expected) =>
        Assert.Equal(
            expected,
            LaterKeys
                .FilledIn(canonical, Shape)
                .Replace("\"accumulate\":2,", "", StringComparison.Ordinal)
                .Replace(",\"shuffle\":true", "", StringComparison.Ordinal)
        );

    [Fact]
    public void A_record_from_before_a_member_came_has_its_earlier_value() =>
        Assert.Equal(
            new Loop(Epochs: 5, Accumulate: 2, Shuffle: true, new Fast { Rate = 0.5, Nesterov = true }, null),
            Read("""{"epochs":5,"optimizer":{"fast":{"rate":0.5}}}""")
        );

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, true, true)]
    public void Every_value_of_a_member_that_came_later_is_read_back(int accumulate, bool shuffle, bool nesterov)
    {
        var loop = new Loop(5, accumulate, shuffle, new Fast { Nesterov = nesterov }, null);

        Assert.Equal(loop, Read(ShapeJson.Of(loop, Shape).ToString()));
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

    private static Loop Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return (Loop)ShapeReader.Read(document.RootElement, Shape);
    }

    private sealed record Loop(
        int Epochs,
        [property: CameLater(2)] int Accumulate,
        [property: CameLater(true)] bool Shuffle,
        Optimizer? Optimizer,
        IReadOnlyList<Fast>? Others
    );

    [Alternative("fast", typeof(Fast))]
    [Alternative("slow", typeof(Slow))]
    private abstract record Optimizer;

    private sealed record Fast : Optimizer
    {
        public double Rate { get; init; }

        [CameLater(true)]
        public bool Nesterov { get; init; } = true;
    }

    private sealed record Slow : Optimizer;
}
