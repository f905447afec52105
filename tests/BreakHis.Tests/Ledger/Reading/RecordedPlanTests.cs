using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Shapes;
using BreakHis.Tests.Plans;
using BreakHis.Tests.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Ledger.Reading;

public sealed class RecordedPlanTests
{
    [Fact]
    public void Recorded_plans_are_read_back_typed()
    {
        int planned = 0;
        SpecGen.Spec.Sample(
            spec =>
            {
                if (PlannedSpecs.Resolve(spec) is { } plan)
                {
                    Interlocked.Increment(ref planned);
                    var read = RecordedPlan.Parse(PlanJson.Of(plan).ToString());

                    Assert.Equal(plan.Fingerprint, read.Fingerprint);
                    Assert.Equal(plan.Fingerprint, read.DeterminingHash);
                    Assert.Equal(plan.SpecHash, read.SpecHash);
                    Assert.Equal(
                        (plan.Seed, plan.Threads, plan.Device, plan.Data.ContentHash, plan.Data.SplitHash),
                        (read.Seed, read.Threads, read.Device, read.ContentHash, read.SplitHash)
                    );
                    Assert.Equal(plan.Weights.Sha256, read.WeightsSha256);
                    Assert.Equal(plan.Software, read.Software);
                    Assert.Equal(plan.Stages.Select(Text), read.Stages.Select(Text));
                    Assert.Equal(Text(plan.FineTune), Text(read.FineTune));
                }
            },
            iter: 50
        );
        Assert.True(planned >= 25, $"{planned} of 50 specs were planned");
    }

    [Fact]
    public void A_block_stored_without_its_key_by_an_earlier_version_is_the_same_experiment()
    {
        ExperimentSpec spec = SpecTexts.Read(SpecTexts.With("seeds: [1, 2]", "seeds: [7]"));
        string now = PlanJson.Of(PlannedSpecs.Resolve(spec)!).ToString();
        string then = now.Replace(
            """ "train_from":{"block":"Mixed_7b"} """.Trim(),
            """ "train_from":"Mixed_7b" """.Trim(),
            StringComparison.Ordinal
        );

        Assert.NotEqual(now, then);
        Assert.Equal(RecordedPlan.Parse(now).Experiment, RecordedPlan.Parse(then).Experiment);
        Assert.Equal(RecordedPlan.Parse(now).Settings, RecordedPlan.Parse(then).Settings);
        Assert.Equal(Text(RecordedPlan.Parse(now).FineTune), Text(RecordedPlan.Parse(then).FineTune));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"determining\":{\"seed\":\"x\"}}")]
    [InlineData("{\"determining\":{\"bottleneck\":{\"epochs\":\"many\"}}}")]
    [InlineData("{\"determining\":{\"bottleneck\":{\"a_setting_of_the_future\":1}}}")]
    [InlineData("\ud800")]
    public void Text_that_is_not_a_plan_is_rejected(string json)
    {
        Assert.Throws<FormatException>(() => RecordedPlan.Parse(json));
        Assert.Null(RecordedPlan.OrNull(json));
    }

    private static string Text((string Name, LoopPlan Loop) stage) => $"{stage.Name} {Text(stage.Loop)}";

    private static string Text(object? record) =>
        record is null ? "none" : ShapeJson.Of(record, ShapeReflection.RecordOf(record.GetType())).ToString();
}
