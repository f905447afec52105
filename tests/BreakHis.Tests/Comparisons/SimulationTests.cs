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

        Assert.Equal(0.80, all.Average(one => one.First.Average(DecidingTest.Accuracy)), 0.01);
        Assert.Equal(0.90, all.Average(one => one.Second.Average(DecidingTest.Accuracy)), 0.01);
        Assert.All(all, one => Assert.Equal(like.First[0].Select(i => i.Patient), one.First[1].Select(i => i.Patient)));
    }

    [Theory]
    [InlineData(24, 25, 3)]
    [InlineData(24, 25, 1)]
    [InlineData(40, 10, 5)]
    [InlineData(10, 20, 3)]
    public void The_deciding_test_gives_no_more_false_alarms_than_it_says(int patients, int images, int seeds)
    {
        var draws = new SimulatedReadings(Like(patients, images, seeds), Interaction, newSeeds: true);
        PairedReadings paired = draws.Draw(0, RandomStream.From(3, "test"));

        CalibratedTests calibrated = Calibrated(paired, 0.05);

        Assert.All(calibrated.Tests.Where(test => test.Decides), test => Assert.InRange(test.FalseAlarms, 0, 0.064));
        Assert.InRange(calibrated.CoverageWithout, 0.936, 1);
        Assert.InRange(calibrated.CoverageWith, 0.936, 1);
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
                return OtherTests.Of(drawn, "").Single(test => test.Name == "McNemar's test").P < 0.05;
            });

        Assert.InRange(alarms / Simulations, 0.25, 0.8);
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
        Assert.Equal(first with { Tests = [] }, second with { Tests = [] });
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
