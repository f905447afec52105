using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Tests.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Plans.Checks;

/// <summary>Weights of a run must not have seen what they are evaluated on.</summary>
public sealed class WeightsLeaksTests
{
    private const string Run = "0123456789";

    private static readonly PlannedImage Seen = Image("b/1.png", "1", "p1", Side.Validation);

    [Fact]
    public void An_image_that_the_weights_were_trained_on_is_a_leak()
    {
        LeakCheck check = Check(new TrainedImage(Seen.Sha256, ""));

        Assert.Equal(LeakVerdict.Leak, check.Verdict);
        Assert.Equal(
            $"run {Run}, which kept the weights, was trained on 1 validation image (b/1.png), so accuracy on unseen patients is probably lower than shown",
            check.Text
        );
    }

    [Fact]
    public void Another_image_of_a_patient_leaves_a_doubt()
    {
        LeakCheck check = Check(new TrainedImage("other", Seen.Patient));

        Assert.Equal(LeakVerdict.Doubt, check.Verdict);
        Assert.Contains("other images of 1 validation patient (p1)", check.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other", "p3")]
    [InlineData("other", "")]
    // Training images of now may have been so before.
    [InlineData("0", "p0")]
    public void Other_images_are_no_leak(string hash, string patient) =>
        Assert.Equal(LeakVerdict.Clean, Check(new TrainedImage(hash, patient)).Verdict);

    [Fact]
    public void Other_weights_are_not_checked() => Assert.Empty(WeightsLeaks.Of(Planned()));

    private static LeakCheck Check(TrainedImage trained)
    {
        Plan plan = Planned();
        return Assert.Single(
            WeightsLeaks.Of(plan with { Weights = plan.Weights with { Run = Run, TrainedOn = [trained] } })
        );
    }

    private static Plan Planned()
    {
        // Some generated specs cannot be planned.
        Plan plan = Enumerable
            .Range(0, 1000)
            .Select(_ => PlannedSpecs.Resolve(SpecGen.Spec.Single()))
            .First(any => any is not null)!;
        return plan with
        {
            Weights = plan.Weights with { Run = null },
            Data = plan.Data with
            {
                Images = [Image("a/0.png", "0", "p0", Side.Train), Seen, Image("c/2.png", "2", "", Side.Validation)],
            },
        };
    }

    private static PlannedImage Image(string path, string hash, string patient, Side side) =>
        new(path, hash, 0, patient, "x", 40, side);
}
