namespace BreakHis.Comparisons.Simulations;

/// <summary>How a test behaves in simulations.</summary>
/// <param name="Name">The test.</param>
/// <param name="Decides">Whether it gives the verdict.</param>
/// <param name="FalseAlarms">The share of simulations without a difference in which it finds one.</param>
/// <param name="Power">The share of simulations with the difference in which it finds one.</param>
internal sealed record TestBehaviour(string Name, bool Decides, double FalseAlarms, double Power);

/// <summary>How rules behave if there is a look after every seed, and the first difference found counts.</summary>
/// <param name="Name">The rule.</param>
/// <param name="FalseAlarms">The share of simulations without a difference in which any look finds one.</param>
/// <param name="Power">The share of simulations with the difference in which any look finds one.</param>
internal sealed record LookingRule(string Name, double FalseAlarms, double Power);

/// <summary>How verdicts and tests behave if results vary as those of a comparison do.</summary>
/// <param name="Simulations">How many were drawn without a difference, and as many with it.</param>
/// <param name="Difference">The difference in accuracy, 0 to 1.</param>
/// <param name="Population">What the deciding test applies to; it is drawn again each time.</param>
/// <param name="Tests">The deciding test first.</param>
/// <param name="Looks">The rules for looks; none with one seed.</param>
/// <param name="CoverageWithout">The share of simulations without a difference whose 95 % interval has it.</param>
/// <param name="CoverageWith">The same, with the difference.</param>
/// <param name="EquivalentWithout">The share of verdicts "practically equivalent" without a difference; null without a
/// margin.</param>
/// <param name="EquivalentAtMargin">The same, if the difference is the margin.</param>
internal sealed record CalibratedTests(
    int Simulations,
    double Difference,
    string Population,
    LatentModel Model,
    IReadOnlyList<TestBehaviour> Tests,
    IReadOnlyList<LookingRule> Looks,
    double CoverageWithout,
    double CoverageWith,
    double? EquivalentWithout,
    double? EquivalentAtMargin
)
{
    /// <summary>Simulates a comparison.</summary>
    /// <param name="difference">The true difference in half of the simulations, above 0.</param>
    /// <param name="margin">The margin of "practically equivalent", or null.</param>
    /// <param name="simulations">How many, at least 1.</param>
    /// <param name="done">Called from any thread after each.</param>
    public static CalibratedTests Of(
        PairedReadings paired,
        double difference,
        double? margin,
        int simulations,
        Action done,
        CancellationToken cancellation
    )
    {
        var perSeed = SeedEstimates.Of(paired);
        Decision decision = DecidingTest.Of(paired, perSeed);
        string[] names = [decision.Name, .. OtherTests.Of(paired, perSeed, decision.Name).Select(test => test.Name)];
        var model = LatentModel.Of(paired);
        var draws = new SimulatedReadings(paired, model, DecidingTest.IsForNewSeeds(paired));
        Rule[] looks = LooksAt(paired);
        Simulated[] without = All(0, "no difference");
        Simulated[] with = All(difference, "difference");
        Simulated[] atMargin = margin is double m ? All(m, "margin") : [];
        return new CalibratedTests(
            simulations,
            difference,
            decision.Population,
            model,
            [
                .. names.Select(
                    (name, i) =>
                        new TestBehaviour(
                            name,
                            i == 0,
                            Share(without, one => one.Finds[i]),
                            Share(with, one => one.Finds[i])
                        )
                ),
            ],
            [
                .. looks.Select(
                    (rule, i) =>
                        new LookingRule(
                            rule.Name,
                            Share(without, one => one.FoundByLooking[i]),
                            Share(with, one => one.FoundByLooking[i])
                        )
                ),
            ],
            Share(without, one => one.IsCovered),
            Share(with, one => one.IsCovered),
            margin is null ? null : Share(without, one => one.IsEquivalent),
            margin is null ? null : Share(atMargin, one => one.IsEquivalent)
        );

        Simulated[] All(double truth, string purpose) =>
            Repeated.Of(
                paired,
                $"calibrate: {purpose}",
                simulations,
                random => Simulated.Of(draws.Draw(truth, random), names, looks, truth, margin),
                done,
                cancellation
            );
    }

    /// <summary>The rules for looks after every seed: the test, and the level of each look.</summary>
    private static Rule[] LooksAt(PairedReadings paired)
    {
        int seeds = paired.Seeds.Count;
        return seeds == 1
            ? []
            :
            [
                new Rule("p < 0.05 at any look", OfWins: false, [.. Enumerable.Repeat(Verdict.Level, seeds)]),
                new Rule(
                    "--planned-seeds",
                    OfWins: false,
                    [0, .. Enumerable.Range(2, seeds - 1).Select(look => Levels.After(look, seeds).Difference)]
                ),
                new Rule(OtherTests.WinsName, OfWins: true, [.. Enumerable.Repeat(Verdict.Level, seeds)]),
            ];
    }

    private static double Share(Simulated[] all, Func<Simulated, bool> isSo) => (double)all.Count(isSo) / all.Length;

    /// <param name="OfWins">Whether it tests the winners of the seeds, not the difference.</param>
    /// <param name="Levels">The level of each look.</param>
    private sealed record Rule(string Name, bool OfWins, double[] Levels);

    /// <param name="Finds">Which tests find a difference; one that does not exist for the results finds none.</param>
    /// <param name="FoundByLooking">Which rules for looks find a difference.</param>
    private sealed record Simulated(bool[] Finds, bool[] FoundByLooking, bool IsCovered, bool IsEquivalent)
    {
        public static Simulated Of(
            PairedReadings paired,
            string[] names,
            IReadOnlyList<Rule> looks,
            double truth,
            double? margin
        )
        {
            (double P, double OfWins)[] ps =
            [
                .. Enumerable
                    .Range(1, looks.Count == 0 ? 0 : paired.Seeds.Count)
                    .Select(paired.Until)
                    .Select(some => (some, SeedEstimates.Of(some)))
                    .Select(look =>
                        (
                            DecidingTest.Of(look.some, look.Item2).P,
                            look.Item2 is null ? 1 : OtherTests.OfWins(look.Item2)
                        )
                    ),
            ];
            var perSeed = SeedEstimates.Of(paired);
            Decision decision = DecidingTest.Of(paired, perSeed);
            IReadOnlyList<OtherTest> others = OtherTests.Of(paired, perSeed, decision.Name);
            return new Simulated(
                [
                    decision.P < Verdict.Level,
                    .. names
                        .Skip(1)
                        .Select(name => others.FirstOrDefault(other => other.Name == name)?.P < Verdict.Level),
                ],
                [
                    .. looks.Select(rule =>
                        ps.Select(look => rule.OfWins ? look.OfWins : look.P)
                            .Zip(rule.Levels)
                            .Any(look => look.First < look.Second)
                    ),
                ],
                decision.Interval.Has(truth),
                Verdict.Of(decision, margin, () => null).Kind == VerdictKind.Equivalent
            );
        }
    }
}
