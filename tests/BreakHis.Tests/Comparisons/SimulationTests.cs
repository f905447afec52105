using BreakHis.Comparisons;
using BreakHis.Comparisons.Simulations;
using BreakHis.Numerics;
using BreakHis.Statistics;
using Xunit;

namespace BreakHis.Tests.Comparisons;

/// <summary>What calibrate draws, and how the tests of compare behave on it.</summary>
public sealed class SimulationTests
{
    private const int Simulations = 1_000;

    /// <summary>Patients vary between the configurations.</summary>
    private static readonly LatentModel Interaction = new(0.85, 0.2, 0.08, 0.02, 0.02, 0.01, 0.03, 0.1, 0.05, 0.02);

    [Fact]
    public void The_model_of_many_results_is_found_again()
    {
        PairedReadings like = Like(patients: 300, images: 8, seeds: 5);
        LatentModel[] found =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i =>
                    LatentModel.Of(
                        new SimulatedReadings(like, Interaction, newSeeds: true).Draw(
                            0,
                            RandomStream.From(1, "test", i)
                        )
                    )
                ),
        ];

        Assert.All(
            (Func<LatentModel, double>[])
                [
                    m => m.Accuracy,
                    m => m.Patient,
                    m => m.PatientAndConfiguration,
                    m => m.PatientAndSeed,
                    m => m.PatientAndRun,
                    m => m.Seed,
                    m => m.Run,
                    m => m.Image,
                    m => m.ImageAndConfiguration,
                    m => m.ImageAndSeed,
                    m => m.Rest,
                ],
            part => Assert.Equal(part(Interaction), found.Average(part), 0.02)
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Results_are_right_as_often_as_the_model_and_the_difference_say(bool newSeeds)
    {
        PairedReadings like = Like(patients: 50, images: 4, seeds: 2);
        var draws = new SimulatedReadings(like, Interaction, newSeeds);
        PairedReadings[] all =
        [
            .. Enumerable.Range(0, 2_000).Select(i => draws.Draw(0.1, RandomStream.From(2, "test", i))),
        ];

        Assert.Equal(0.80, all.Average(one => one.First.Average(SeedEstimates.Accuracy)), 0.01);
        Assert.Equal(0.90, all.Average(one => one.Second.Average(SeedEstimates.Accuracy)), 0.01);
        Assert.All(all, one => Assert.Equal(like.First[0].Select(i => i.Patient), one.First[1].Select(i => i.Patient)));
    }

    [Theory]
    [InlineData(24, 25, 3)]
    [InlineData(24, 25, 1)]
    [InlineData(40, 10, 5)]
    [InlineData(40, 10, 2)]
    [InlineData(82, 20, 3)]
    [InlineData(30, 1, 2)]
    [InlineData(10, 20, 3)]
    public void The_deciding_test_gives_no_more_false_alarms_than_it_says(int patients, int images, int seeds)
    {
        var draws = new SimulatedReadings(Like(patients, images, seeds), Interaction, newSeeds: true);
        PairedReadings paired = draws.Draw(0, RandomStream.From(3, "test"));

        CalibratedTests calibrated = Calibrated(paired, 0.05);

        Assert.InRange(Assert.Single(calibrated.Tests, test => test.Decides).FalseAlarms, 0, 0.064);
        Assert.InRange(calibrated.CoverageWithout, 0.936, 1);
        Assert.InRange(calibrated.CoverageWith, 0.936, 1);
    }

    /// <summary>Who looks at p after every seed finds something too often; with planned seeds it does not matter.</summary>
    [Theory]
    [InlineData(40, 10, 5)]
    [InlineData(10, 20, 5)]
    public void Planned_looks_give_no_more_false_alarms_than_one(int patients, int images, int seeds)
    {
        LatentModel seedsVary = new(0.85, 0.2, 0.01, 0.02, 0.02, 0.05, 0.1, 0.1, 0.05, 0.02);
        var draws = new SimulatedReadings(Like(patients, images, seeds), seedsVary, newSeeds: true);

        CalibratedTests calibrated = Calibrated(draws.Draw(0, RandomStream.From(6, "test")), 0.05);

        Assert.Equal(
            ["p < 0.05 at any look", "--planned-seeds", "e-value of the seeds' winners"],
            calibrated.Looks.Select(look => look.Name)
        );
        if (patients >= 15)
        {
            Assert.InRange(calibrated.Looks[0].FalseAlarms, 0.064, 1);
        }

        Assert.InRange(calibrated.Looks[1].FalseAlarms, 0, 0.064);
        Assert.True(calibrated.Looks[2].FalseAlarms <= calibrated.Looks[2].Power);
    }

    /// <summary>The difference is the margin, and few patients make it; an uncorrected interval is wrong in up to 30 %.</summary>
    [Theory]
    [InlineData(8, 10, 1, 0.96, 0.06)]
    [InlineData(12, 10, 3, 0.96, 0.03)]
    [InlineData(15, 10, 1, 0.96, 0.06)]
    [InlineData(15, 1, 1, 0.96, 0.06)]
    [InlineData(15, 10, 5, 0.96, 0.03)]
    [InlineData(24, 1, 1, 0.96, 0.06)]
    [InlineData(24, 10, 3, 0.9, 0.1)]
    [InlineData(38, 10, 3, 0.9, 0.06)]
    [InlineData(82, 10, 5, 0.96, 0.06)]
    [InlineData(82, 10, 1, 0.75, 0.1)]
    public void Equivalence_is_wrong_no_more_often_than_it_says(
        int patients,
        int images,
        int seeds,
        double accuracy,
        double margin
    )
    {
        LatentModel model =
            images == 1
                ? new(accuracy, 0.2, 0, 0, 0, 0, 0, 0.7, 0.02, 0)
                : new(accuracy, 0.5, 0.1, 0, 0.05, 0, seeds == 1 ? 0 : 0.005, 0.2, 0.05, 0);
        var draws = new SimulatedReadings(Like(patients, images, seeds), model, newSeeds: true);

        int wrong = Enumerable
            .Range(0, Simulations)
            .Count(i =>
            {
                PairedReadings drawn = draws.Draw(margin, RandomStream.From(7, "test", i));
                Decision decision = DecidingTest.Of(drawn, SeedEstimates.Of(drawn));
                return Verdict.Of(decision, margin, () => null).Kind == VerdictKind.Equivalent;
            });

        Assert.InRange((double)wrong / Simulations, 0, 0.064);
    }

    [Fact]
    public void A_large_difference_is_found_and_a_margin_is_not_passed()
    {
        PairedReadings paired = new SimulatedReadings(
            Like(60, 10, 4),
            Interaction with
            {
                Run = 0.001,
            },
            newSeeds: true
        ).Draw(0, RandomStream.From(9, "test"));

        CalibratedTests calibrated = Calibrated(paired, 0.14, simulations: 400);

        Assert.InRange(calibrated.Tests[0].Power, 0.9, 1);
        Assert.InRange(calibrated.EquivalentWithout!.Value, calibrated.EquivalentAtMargin!.Value + 0.1, 1);
        Assert.InRange(calibrated.EquivalentAtMargin.Value, 0, 0.06);
        Assert.InRange(
            calibrated.Tests.Single(test => test.Name == "McNemar's test").FalseAlarms,
            calibrated.Tests[0].FalseAlarms + 0.1,
            1
        );
    }

    [Fact]
    public void The_model_of_one_image_per_patient_counts_seeds_once()
    {
        LatentModel truth = new(0.8, 0, 0, 0, 0, 0.1, 0.05, 0.4, 0.1, 0.05);
        PairedReadings like = Like(patients: 1_000, images: 1, seeds: 8);
        LatentModel[] found =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i =>
                    LatentModel.Of(
                        new SimulatedReadings(like, truth, newSeeds: true).Draw(0, RandomStream.From(1, "one", i))
                    )
                ),
        ];

        Assert.Equal(truth.Seed, found.Average(model => model.Seed), 0.05);
        Assert.Equal(truth.ImageAndSeed, found.Average(model => model.ImageAndSeed), 0.03);
        Assert.Equal(truth.Image, found.Average(model => model.Image + model.Patient), 0.05);
        Assert.All(found, model => Assert.InRange(model.PatientAndRun, 0, 0.01));
    }

    [Fact]
    public void McNemars_test_gives_false_alarms_where_patients_prefer_a_configuration()
    {
        LatentModel model = Interaction with { PatientAndConfiguration = 0.2 };
        PairedReadings like = Like(24, 25, 3);

        double alarms = Enumerable
            .Range(0, Simulations)
            .Count(i =>
            {
                PairedReadings drawn = new SimulatedReadings(like, model, newSeeds: true).Draw(
                    0,
                    RandomStream.From(4, "test", i)
                );
                return OtherTests.Of(drawn, SeedEstimates.Of(drawn), "").Single(test => test.Name == "McNemar's test").P
                    < 0.05;
            });

        Assert.InRange(alarms / Simulations, 0.25, 0.8);
    }

    [Theory]
    [InlineData(0.99, 0.05)]
    [InlineData(0.01, 0.3)]
    [InlineData(0.5, 0.9)]
    public void Near_a_limit_both_accuracies_are_moved(double accuracy, double difference)
    {
        PairedReadings like = Like(patients: 50, images: 4, seeds: 2);
        var draws = new SimulatedReadings(like, Interaction with { Accuracy = accuracy }, newSeeds: true);
        PairedReadings[] all =
        [
            .. Enumerable.Range(0, 1_000).Select(i => draws.Draw(difference, RandomStream.From(6, "test", i))),
        ];

        double first = all.Average(one => one.First.Average(SeedEstimates.Accuracy));
        double second = all.Average(one => one.Second.Average(SeedEstimates.Accuracy));
        Assert.Equal(difference, second - first, 0.02);
    }

    /// <summary>Nothing is known about other seeds, other images of a patient, or mistakes.</summary>
    [Theory]
    [InlineData(20, 4, 1)]
    [InlineData(20, 1, 2)]
    [InlineData(2, 3, 1)]
    public void Comparisons_in_which_little_varies_can_be_simulated(int patients, int images, int seeds)
    {
        CalibratedTests calibrated = Calibrated(Like(patients, images, seeds), 0.05, simulations: 100);

        Assert.InRange(calibrated.Tests[0].FalseAlarms, 0, 0.12);
        Assert.InRange(calibrated.Model.Rest, 0, 1);
    }

    [Fact]
    public void The_number_of_patients_that_is_needed_has_the_power_that_is_wanted()
    {
        PairedReadings paired = new SimulatedReadings(Like(30, 5, 3), Interaction, newSeeds: true).Draw(
            0,
            RandomStream.From(8, "test")
        );

        var table = PowerTable.Of(
            paired,
            difference: 0.07,
            wanted: 0.6,
            patients: [15, 40, 160],
            seeds: [3, 8],
            simulations: 1_000,
            () => { },
            TestContext.Current.CancellationToken
        );

        double[] few = [.. table.Cells.Where(cell => cell.Seeds == 3).Select(cell => cell.Power)];
        double[] many = [.. table.Cells.Where(cell => cell.Seeds == 8).Select(cell => cell.Power)];
        Assert.Equal(few.Order(), few);
        Assert.Equal(many.Order(), many);
        Assert.All(few.Zip(many), pair => Assert.InRange(pair.Second, pair.First, 1));
        Assert.Equal([3, 8], table.Needed.Select(needed => needed.Seeds));
        Assert.All(table.Needed, needed => Assert.InRange(needed.Power, 0.57, 0.63));
        Assert.InRange(table.Needed[1].Patients, 16, table.Needed[0].Patients - 1);
    }

    [Fact]
    public void The_same_results_give_the_same_digits()
    {
        PairedReadings paired = new SimulatedReadings(Like(20, 5, 2), Interaction, newSeeds: true).Draw(
            0,
            RandomStream.From(5, "test")
        );

        CalibratedTests first = Calibrated(paired, 0.05, simulations: 100);
        CalibratedTests second = Calibrated(paired, 0.05, simulations: 100);

        Assert.Equal(first.Tests, second.Tests);
        Assert.Equal(first.Looks, second.Looks);
        Assert.Equal(first with { Tests = [], Looks = [] }, second with { Tests = [], Looks = [] });
        PairedReadings other = paired with { First = paired.Second, Second = paired.First };
        Assert.NotEqual(first.Tests, Calibrated(other, 0.05, simulations: 100).Tests);
    }

    private static CalibratedTests Calibrated(
        PairedReadings paired,
        double difference,
        int simulations = Simulations
    ) =>
        CalibratedTests.Of(
            paired,
            difference,
            margin: 0.05,
            simulations,
            () => { },
            TestContext.Current.CancellationToken
        );

    private static PairedReadings Like(int patients, int images, int seeds)
    {
        Classification[] all =
        [
            .. Enumerable.Range(0, patients * images).Select(i => new Classification(i % patients, 0, 0, [])),
        ];
        IReadOnlyList<Classification>[] readings = [.. Enumerable.Repeat(all, seeds)];
        return new PairedReadings(
            [.. Enumerable.Range(1, seeds).Select(seed => $"{seed}")],
            patients,
            ArePatientsKnown: true,
            readings,
            readings
        );
    }
}
