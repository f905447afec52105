using BreakHis.Comparisons;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans.Checks;
using BreakHis.Specs.Problems;
using BreakHis.Statistics;
using BreakHis.Wording;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Comparisons;

public sealed class ComparisonTests
{
    private static readonly Gen<(string Patient, bool IsCorrect)[][]> SomeSeeds =
        from patients in Gen.Int[2, 30]
        from seeds in Gen.Int[1, 4]
        from half in Gen.Int[(patients + 1) / 2, 30]
        let images = 2 * half
        from owners in Gen.Int[0, patients - 1].Array[images]
        from right in Gen.Bool.Array[images].Array[2 * seeds]
        select right
            .Select(of => of.Select((isCorrect, i) => ($"p{(i < patients ? i : owners[i])}", isCorrect)).ToArray())
            .ToArray();

    [Fact]
    public void Duplicating_every_image_changes_no_p_value_and_no_interval() =>
        SomeSeeds.Sample(
            runs =>
            {
                Comparison once = Compare(runs);
                Comparison often = Compare([
                    .. runs.Select(run => Enumerable.Repeat(run, 10).SelectMany(x => x).ToArray()),
                ]);

                Near(once.Verdict.Decision.P, often.Verdict.Decision.P);
                Near(once.Verdict.Decision.Interval, often.Verdict.Decision.Interval);
                foreach ((MetricRow a, MetricRow b) in once.Metrics.Zip(often.Metrics))
                {
                    Near(a.Difference.Value, b.Difference.Value);
                    Near(a.Difference.Interval, b.Difference.Interval);
                }

                OtherTest[] clustered =
                [
                    .. once.Tests.Where(test => test.Name is not ("McNemar's test" or "Eliasziw's test")),
                ];
                Assert.All(clustered, test => Near(test.P, often.Tests.Single(other => other.Name == test.Name).P));
            },
            iter: 200
        );

    [Fact]
    public void The_other_order_gives_the_opposite() =>
        SomeSeeds.Sample(
            runs =>
            {
                int half = runs.Length / 2;
                Decision there = Compare(runs).Verdict.Decision;
                Decision back = Compare([.. runs[half..], .. runs[..half]]).Verdict.Decision;
                Near(there.Difference, -back.Difference);
                Near(there.P, back.P);
                Near(there.Interval, new Interval(-back.Interval.High, -back.Interval.Low));
            },
            iter: 200
        );

    [Fact]
    public void Interval_and_p_agree_about_zero() =>
        SomeSeeds.Sample(
            runs =>
            {
                Decision decision = Compare(runs).Verdict.Decision;
                if (decision.P < 0.0499)
                {
                    Assert.True(decision.Interval.Low > 0 || decision.Interval.High < 0, $"{decision}");
                }
                else if (decision.P > 0.0501 && !decision.Name.StartsWith("exact", StringComparison.Ordinal))
                {
                    Assert.True(decision.Interval.Low <= 0 && decision.Interval.High >= 0, $"{decision}");
                }
            },
            iter: 500
        );

    [Theory]
    [InlineData(14, 1, "exact sign-flip test over patients")]
    [InlineData(14, 3, "exact sign-flip test over patients")]
    [InlineData(15, 1, "Obuchowski's test")]
    [InlineData(15, 2, "Obuchowski-Rockette test")]
    public void Patients_and_seeds_choose_the_test(int patients, int seeds, string name)
    {
        (string, bool)[] images = [.. Enumerable.Range(0, 2 * patients).Select(i => ($"p{i / 2}", i % 3 > 0))];
        Assert.Equal(name, Compare([.. Enumerable.Repeat(images, 2 * seeds)]).Verdict.Decision.Name);
    }

    [Theory]
    [InlineData("p", 1)]
    [InlineData("p", 3)]
    [InlineData("", 1)]
    public void One_patient_or_one_image_has_a_verdict_too(string patient, int seeds)
    {
        (string, bool)[] images = [.. Enumerable.Range(0, patient == "" ? 1 : 6).Select(i => (patient, i % 3 > 0))];

        Comparison comparison = Compare([.. Enumerable.Repeat(images, 2 * seeds)], margin: 0.02);

        Assert.Equal(VerdictKind.Inconclusive, comparison.Verdict.Kind);
        Assert.All(comparison.Metrics, row => Assert.Null(row.First.Interval));
    }

    [Fact]
    public void Folds_of_a_seed_are_pooled_and_incomplete_seeds_do_not_count()
    {
        (string, bool)[] a = Images(20, i => i % 2 == 0);
        RecordedRun[] first = [Fold(1, "1", 0, a), Fold(1, "2", 20, a), Fold(2, "1", 0, a), Fold(2, "2", 20, a)];
        RecordedRun[] second = [Fold(1, "1", 0, a), Fold(1, "2", 20, a), Fold(2, "1", 0, a)];

        var comparison = Comparison.Of(
            ComparedRuns.Of("a", first),
            ComparedRuns.Of("b", second),
            Side.Validation,
            null
        );

        Assert.Equal((40, 20), (comparison.Images, comparison.Patients));
        Assert.Equal(["1"], comparison.Seeds);
        Assert.Equal(["1", "2"], comparison.Folds);
        Assert.Contains("seed 2 is left out: it lacks fold 2", comparison.Notes);

        static RecordedRun Fold(long seed, string fold, int at, (string, bool)[] images) =>
            ComparedRuns.Run(seed, images, fold, at);
    }

    [Fact]
    public void Runs_that_kept_the_same_weights_count_as_one_seed()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun[] runs =
        [
            ComparedRuns.Run(1, images, weights: "x"),
            ComparedRuns.Run(2, images, weights: "x"),
            ComparedRuns.Run(3, images, weights: "y"),
        ];
        RecordedRun[] others = [.. runs.Select((run, i) => ComparedRuns.Run(i + 1, images, weights: $"{i}"))];

        var comparison = Comparison.Of(ComparedRuns.Of("a", runs), ComparedRuns.Of("b", others), Side.Validation, null);

        Assert.Equal(["1", "3"], comparison.Seeds);
        Assert.Contains("seed 2 is left out: it kept the same weights as a seed before", comparison.Notes);
    }

    [Fact]
    public void Failed_and_unfinished_runs_are_listed_with_their_reason()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun[] runs =
        [
            ComparedRuns.Run(1, images),
            ComparedRuns.Run(2, images, state: RunState.Failed),
            ComparedRuns.Run(3, images, state: RunState.Interrupted),
        ];

        var comparison = Comparison.Of(
            ComparedRuns.Of("a", runs),
            ComparedRuns.Of("b", [ComparedRuns.Run(1, images)]),
            Side.Validation,
            null
        );

        Assert.Equal(
            ["seed 2: run 2--0 failed: the loss is NaN", "seed 3: run 3--0 is not finished (interrupted)"],
            comparison.First.Missing
        );
    }

    [Fact]
    public void Unknown_patients_are_said()
    {
        (string, bool)[] images = [.. Enumerable.Range(0, 40).Select(i => ("", i % 3 == 0))];
        Comparison comparison = Compare([images, [.. images.Select((image, i) => (image.Item1, i % 2 == 0))]]);

        Assert.Equal("McNemar's mid-p test", comparison.Verdict.Decision.Name);
        Assert.Equal("new images, with this seed", comparison.Verdict.Decision.Population);
        Assert.DoesNotContain(comparison.Metrics, row => row.Name == "patient rate");
        Assert.DoesNotContain(
            comparison.Tests,
            test => $"{test.Name} {test.Says}".Contains("over patients", StringComparison.Ordinal)
        );
        Assert.False(comparison.ArePatientsKnown);
        Assert.Contains(comparison.Notes, note => note.StartsWith("no patient is known", StringComparison.Ordinal));
    }

    /// <summary>Images of unknown patients are their own patients, and the known patients stay together.</summary>
    [Fact]
    public void One_known_patient_is_enough_for_the_test_over_patients()
    {
        (string, bool)[] images = [.. Enumerable.Range(0, 60).Select(i => (i < 20 ? "p" : "", i % 3 > 0))];
        Comparison comparison = Compare([images, [.. images.Select((image, i) => (image.Item1, i % 2 == 0))]]);

        Assert.Equal("Obuchowski's test", comparison.Verdict.Decision.Name);
        Assert.Equal(41, comparison.Patients);
        Assert.Contains(
            comparison.Notes,
            note => note.StartsWith("the patient of 40 images", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Without_patients_several_seeds_apply_to_new_images()
    {
        (string, bool)[] images = [.. Enumerable.Range(0, 40).Select(i => ("", i % 3 == 0))];
        Comparison comparison = Compare([images, images, images, images]);

        Assert.Equal("new images and new seeds", comparison.Verdict.Decision.Population);
        Assert.Equal(1, comparison.Verdict.Decision.P);
        Assert.Contains(comparison.Tests, test => test.Name == "exact sign-flip test over images");
    }

    [Fact]
    public void Significance_out_of_reach_is_said()
    {
        (string, bool)[] a = Images(5, _ => true);
        Comparison comparison = Compare([a, [.. a.Select(image => (image.Item1, false))]]);

        Assert.Equal(VerdictKind.Inconclusive, comparison.Verdict.Kind);
        Assert.Equal(0.0625, comparison.Verdict.Decision.P, 12);
        Assert.Contains(
            comparison.Notes,
            note => note.EndsWith("significance is out of reach", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(0, null, "Inconclusive")]
    [InlineData(0, 0.2, "Equivalent")]
    [InlineData(30, null, "Better")]
    [InlineData(30, 0.001, "Better")]
    public void A_verdict_follows_from_interval_and_margin(int gained, double? margin, string kind)
    {
        (string, bool)[] a = Images(60, i => i % 2 == 0);
        (string, bool)[] b = [.. a.Select((image, i) => (image.Item1, image.Item2 || (i % 2 == 1 && i / 2 < gained)))];
        (string, bool)[] mixed =
        [
            .. b.Select((image, i) => (image.Item1, gained == 0 ? (i + (i < 8 ? 1 : 0)) % 2 == 0 : image.Item2)),
        ];

        Assert.Equal(kind, $"{Compare([a, mixed], margin).Verdict.Kind}");
        Assert.Equal(kind == "Better" ? "Worse" : kind, $"{Compare([mixed, a], margin).Verdict.Kind}");
    }

    [Fact]
    public void The_last_finished_run_of_a_seed_counts_and_edited_runs_do_not()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun Named(string id) =>
            ComparedRuns.Run(1, images) with
            {
                Summary = ComparedRuns.Run(1, images).Summary with { Id = id },
            };
        RecordedRun[] runs = [Named("first"), Named("second"), Named("edited") with { EditedRecords = ["3"] }];

        var comparison = Comparison.Of(
            ComparedRuns.Of("a", runs),
            ComparedRuns.Of("b", [Named("other")]),
            Side.Validation,
            null
        );

        Assert.Equal(["second"], comparison.First.Runs);
        Assert.Equal(["seed 1: run edited does not count: record 3 edited"], comparison.First.Missing);
    }

    [Fact]
    public void A_run_with_another_split_than_the_one_that_counts_is_named()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun Split(string id, string hash) =>
            ComparedRuns.Run(1, images) with
            {
                Summary = ComparedRuns.Run(1, images).Summary with { Id = id },
                Plan = $"{{\"determining\":{{\"split\":\"{hash}\"}}}}",
            };

        var comparison = Comparison.Of(
            ComparedRuns.Of("a", [Split("old", "1"), Split("new", "2")]),
            ComparedRuns.Of("b", [Split("other", "2")]),
            Side.Validation,
            null
        );

        Assert.Equal(["seed 1: run old has another split than run new, which counts"], comparison.First.Missing);
    }

    [Fact]
    public void Seeds_of_the_split_are_seeds_too_if_they_differ()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun[] runs =
        [
            ComparedRuns.Run(1, images),
            ComparedRuns.Run(1, images) with
            {
                Spec = """{"data":{"split":{"seed":2}}}""",
            },
        ];

        var comparison = Comparison.Of(ComparedRuns.Of("a", runs), ComparedRuns.Of("b", runs), Side.Validation, null);

        Assert.Equal(["1 (split 1)", "1 (split 2)"], comparison.Seeds);
    }

    /// <summary>Seed 2 repeats the first configuration's weights, and seed 3 the second's from seed 2.</summary>
    [Fact]
    public void Weights_of_a_seed_that_is_left_out_count_as_seen()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        Configuration Of(string label, string weights) =>
            ComparedRuns.Of(
                label,
                [.. weights.Select((kept, i) => ComparedRuns.Run(i + 1, images, weights: $"{kept}"))]
            );

        Assert.Equal(["1"], Comparison.Of(Of("a", "xxy"), Of("b", "pqq"), Side.Validation, null).Seeds);
    }

    [Fact]
    public void Test_images_are_compared_if_asked_for()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        RecordedRun run = ComparedRuns.Run(1, images);
        RecordedStage stage = run.Stages[0];
        RecordedRun tested = run with
        {
            Stages = [stage with { Predictions = [], TestPredictions = [.. stage.Predictions.Take(8)] }],
        };

        var comparison = Comparison.Of(ComparedRuns.Of("a", [tested]), ComparedRuns.Of("b", [tested]), Side.Test, null);

        Assert.Equal((8, Side.Test), (comparison.Images, comparison.Side));
        Assert.Throws<InputException>(() =>
            Comparison.Of(ComparedRuns.Of("a", [tested]), ComparedRuns.Of("b", [tested]), Side.Validation, null)
        );
    }

    /// <summary>Five of ten patients differ, so 2 / 2^5 can be reached; of four, it cannot.</summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public void Only_patients_whose_results_differ_bring_significance_within_reach(int differing, bool isOut)
    {
        (string, bool)[] a = Images(10, _ => true);
        Comparison comparison = Compare([a, [.. a.Select((image, i) => (image.Item1, i >= differing))]]);

        Assert.Equal(isOut, comparison.Notes.Any(note => note.EndsWith("out of reach", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_deciding_test_does_not_stand_among_the_others() =>
        SomeSeeds.Sample(
            runs =>
            {
                Comparison comparison = Compare(runs);
                Assert.DoesNotContain(comparison.Tests, test => test.Name == comparison.Verdict.Decision.Name);
                Assert.Contains(comparison.Tests, test => test.Name == "McNemar's test");
            },
            iter: 50
        );

    [Fact]
    public void Intervals_of_metrics_stay_within_their_range() =>
        SomeSeeds.Sample(
            runs =>
            {
                foreach (MetricRow row in Compare(runs).Metrics)
                {
                    double most = row.Name == "Brier score" ? 2 : 1;
                    foreach (Estimate estimate in (Estimate[])[row.First, row.Second])
                    {
                        Assert.InRange(estimate.Interval?.Low ?? 0, 0, most);
                        Assert.InRange(estimate.Interval?.High ?? 0, 0, most);
                    }
                }
            },
            iter: 100
        );

    [Fact]
    public void Leaks_of_the_runs_that_count_are_named()
    {
        (string, bool)[] images = Images(4, i => i % 2 == 0);
        LeakCheck leak = new(LeakCheck.Patients, LeakVerdict.Leak, "2 patients are on both sides");
        LeakCheck doubt = new(LeakCheck.Roots, LeakVerdict.Doubt, "slides share their number");
        RecordedRun leaking = ComparedRuns.Run(1, images) with { SplitChecks = [leak, doubt] };

        RecordedRun other = ComparedRuns.Run(1, images, weights: "x");

        var comparison = Comparison.Of(
            ComparedRuns.Of("a", leaking, ComparedRuns.Run(2, images) with { SplitChecks = [leak] }),
            ComparedRuns.Of("b", other with { Summary = other.Summary with { Id = "other" } }),
            Side.Validation,
            null
        );

        Assert.Equal(["1 of 2 runs has a leak: 2 patients are on both sides (1--0)"], comparison.Leaks);
    }

    [Fact]
    public void Equivalence_needs_its_own_interval_within_the_margin()
    {
        (string, bool)[] a = Images(60, i => i % 2 == 0);
        (string, bool)[] b = [.. a.Select((image, i) => (image.Item1, i is < 4 ? i % 2 == 1 : image.Item2))];
        Decision decision = Compare([a, b]).Verdict.Decision;
        double reach = Math.Max(decision.ForEquivalence.High, -decision.ForEquivalence.Low);

        Assert.Equal(VerdictKind.Equivalent, Compare([a, b], 1.01 * reach).Verdict.Kind);
        Assert.Equal(VerdictKind.Inconclusive, Compare([a, b], 0.99 * reach).Verdict.Kind);
    }

    /// <summary>One image per patient: K patients times (1.96 + 0.84)² times the mean square over the square of the mean.</summary>
    [Fact]
    public void With_one_seed_the_number_of_patients_follows_from_their_mean_square()
    {
        const double Quantiles = 1.959963984540054 + 0.8416212335729143;
        (string, bool)[] a = Images(60, i => i % 2 == 0);
        (string, bool)[] b = [.. a.Select((image, i) => (image.Item1, i is < 7 ? i is not (1 or 3) : image.Item2))];
        double[] differences = [.. a.Zip(b, (x, y) => (y.Item2 ? 1.0 : 0) - (x.Item2 ? 1 : 0))];
        double mean = differences.Average();
        double expected = Quantiles * Quantiles * differences.Sum(d => d * d) / 59 / (mean * mean);

        string needed = Compare([a, b]).Verdict.Needed!;

        Assert.EndsWith($"about {Math.Ceiling(expected)} patients", needed, StringComparison.Ordinal);
    }

    [Fact]
    public void Malignant_is_the_positive_class_wherever_it_stands()
    {
        (string, bool)[] images = Images(20, i => i % 3 == 0);
        Configuration Of(params string[] classes) =>
            ComparedRuns.Of("a", [ComparedRuns.Run(1, images) with { Classes = classes }]) with
            {
                Classes = classes,
            };
        string Sensitivity(params string[] classes) =>
            Comparison.Of(Of(classes), Of(classes), Side.Validation, null).Metrics[4].Name;

        Assert.Equal("sensitivity (malignant, p ≥ 0.5)", Sensitivity("benign", "malignant"));
        Assert.Equal("sensitivity (malignant, p ≥ 0.5)", Sensitivity("malignant", "normal"));
        Assert.Equal("sensitivity (tumour, p ≥ 0.5)", Sensitivity("normal", "tumour"));
    }

    [Fact]
    public void Configurations_without_a_common_image_are_an_error()
    {
        (string, bool)[] images = Images(20, _ => true);
        Assert.Throws<InputException>(() =>
            Comparison.Of(
                ComparedRuns.Of("a", [ComparedRuns.Run(1, images)]),
                ComparedRuns.Of("b", [ComparedRuns.Run(1, images, first: 100)]),
                Side.Validation,
                null
            )
        );
    }

    /// <summary>The second configuration is right about more images, more in each seed.</summary>
    [Fact]
    public void An_early_look_demands_more_of_the_same_results()
    {
        (string, bool)[][] runs =
        [
            .. Enumerable.Range(0, 3).Select(seed => Images(40, i => (i + seed) % 4 < 2)),
            .. Enumerable.Range(0, 3).Select(seed => Images(40, i => (i + seed) % 4 < 2 || i % 4 == seed)),
        ];
        Comparison once = Compare(runs, margin: 0.9);
        Comparison last = Compare(runs, margin: 0.9, plannedSeeds: 3);
        Comparison early = Compare(runs, margin: 0.9, plannedSeeds: 5);

        Assert.Equal(once.Verdict.Decision.P, early.Verdict.Decision.P);
        Assert.Equal(0.05, once.Verdict.Decision.Levels.Difference);
        Assert.InRange(last.Verdict.Decision.Levels.Difference, 0.04, 0.05);
        Assert.InRange(early.Verdict.Decision.Levels.Difference, 0.005, 0.01);
        Assert.InRange(early.Verdict.Decision.Levels.Equivalence, 0.005, 0.02);
        foreach (
            Func<Decision, Interval> interval in (Func<Decision, Interval>[])[d => d.Interval, d => d.ForEquivalence]
        )
        {
            Interval[] wider = [.. ((Comparison[])[once, last, early]).Select(c => interval(c.Verdict.Decision))];
            Assert.True(wider[0].Low > wider[1].Low && wider[1].Low > wider[2].Low);
            Assert.True(wider[0].High < wider[1].High && wider[1].High < wider[2].High);
        }
    }

    [Theory]
    [InlineData(3, 2, "3 seeds count, but 2 were planned; looks at more seeds than planned have no verdict")]
    [InlineData(1, 5, "one seed does not show how seeds vary, so the first look is after the second seed")]
    public void Looks_need_two_seeds_and_no_more_than_planned(int seeds, int planned, string expected) =>
        Assert.Equal(
            expected,
            Assert
                .Throws<InputException>(() =>
                    Compare(
                        [.. Enumerable.Range(0, 2 * seeds).Select(run => Images(20, i => (i * run) % 3 > 0))],
                        plannedSeeds: planned
                    )
                )
                .Message
        );

    [Theory]
    [InlineData(5.0, 5.0, null, 0.05, false)]
    [InlineData(5.0, null, null, 0.05, false)]
    [InlineData(null, null, null, null, false)]
    [InlineData(5.0, 2.0, null, null, true)]
    [InlineData(5.0, 2.0, 0.01, 0.01, false)]
    [InlineData(-1.0, null, null, null, false)]
    public void The_margin_is_that_of_the_specs_unless_one_is_given(
        double? first,
        double? second,
        double? given,
        double? expected,
        bool isNoted
    )
    {
        Configuration Of(string label, double? margin)
        {
            RecordedRun run = ComparedRuns.Run(1, Images(20, i => i % 3 > 0));
            string spec = margin is double m ? $"{{\"margin\":{Digits.InFull(m)},{run.Spec[1..]}" : run.Spec;
            return ComparedRuns.Of(label, run with { Spec = spec });
        }

        var comparison = Comparison.Of(Of("a", first), Of("b", second), Side.Validation, given);

        Assert.Equal(expected, comparison.Verdict.Margin);
        Assert.Equal(
            isNoted,
            comparison.Notes.Contains(
                "the specs name different margins (2, 5), so none is used; choose one with --margin"
            )
        );
    }

    [Fact]
    public void Several_verdicts_count_together()
    {
        Configuration Right(string label, Func<int, int, bool> isCorrect) =>
            ComparedRuns.Of(
                label,
                [
                    .. Enumerable
                        .Range(0, 3)
                        .Select(seed => ComparedRuns.Run(seed + 1, Images(60, i => isCorrect(i, seed)))),
                ]
            );
        Configuration worst = Right("worst", (i, seed) => (i + seed) % 3 == 0);
        Configuration better = Right("better", (i, _) => i % 10 < 7 || i % 30 == 9);
        Configuration best = Right("best", (i, _) => i % 10 < 8);
        Configuration same = Right("same", (i, seed) => (i + seed) % 3 == 1);

        var several = SeveralComparisons.Of([worst, better, best, same], Side.Validation, null, null);

        double[] ps =
        [
            .. ((Configuration[])[better, best, same]).Select(other =>
                Comparison.Of(worst, other, Side.Validation, null).Verdict.Decision.P
            ),
        ];
        Assert.Equal(Holm.Adjusted(ps), several.Comparisons.Select(comparison => comparison.Verdict.P));
        Assert.Equal(
            [VerdictKind.Better, VerdictKind.Better, VerdictKind.Inconclusive],
            several.Comparisons.Select(comparison => comparison.Verdict.Kind)
        );
        Assert.All(
            several.Comparisons,
            comparison => Assert.Equal(0.05 / 3, comparison.Verdict.Decision.Levels.Difference, 1e-15)
        );
        Assert.Equal(["best bottleneck", "better bottleneck"], several.Best);
        Assert.NotNull(several.MaxT);
        Assert.InRange(several.MaxT[0], 0, 0.05);
        Assert.InRange(several.MaxT[2], 0.5, 1);
    }

    /// <summary>Each alone is found at 5 %, but not all three together.</summary>
    [Fact]
    public void A_difference_that_is_just_found_alone_is_not_found_among_several()
    {
        Configuration none = ComparedRuns.Of("none", ComparedRuns.Run(1, Images(14, _ => false)));
        Configuration[] others =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(k =>
                    ComparedRuns.Of($"{k}", ComparedRuns.Run(1, Images(14, i => i >= 2 * k && i < (2 * k) + 6)))
                ),
        ];

        Assert.All(
            others,
            other => Assert.Equal(VerdictKind.Better, Comparison.Of(none, other, Side.Validation, null).Verdict.Kind)
        );
        var several = SeveralComparisons.Of([none, .. others], Side.Validation, null, null);

        Assert.All(several.Comparisons, comparison => Assert.Equal(VerdictKind.Inconclusive, comparison.Verdict.Kind));
        Assert.Equal(4, several.Best.Count);
    }

    [Fact]
    public void Comparisons_of_other_images_have_no_max_T()
    {
        Configuration Of(string label, int first) =>
            ComparedRuns.Of(label, ComparedRuns.Run(1, Images(20, i => i % 3 > 0), first: first));

        Assert.Null(SeveralComparisons.Of([Of("a", 0), Of("b", 0), Of("c", 5)], Side.Validation, null, null).MaxT);
    }

    private static (string, bool)[] Images(int count, Func<int, bool> isCorrect) =>
        [.. Enumerable.Range(0, count).Select(i => ($"p{i}", isCorrect(i)))];

    /// <summary>The first half of the runs against the second, with a seed per run.</summary>
    private static Comparison Compare(
        IReadOnlyList<(string, bool)[]> runs,
        double? margin = null,
        int? plannedSeeds = null
    )
    {
        int seeds = runs.Count / 2;
        Configuration Half(string label, int from) =>
            ComparedRuns.Of(
                label,
                [.. Enumerable.Range(0, seeds).Select(i => ComparedRuns.Run(i + 1, runs[from + i]))]
            );
        return Comparison.Of(Half("a", 0), Half("b", seeds), Side.Validation, margin, plannedSeeds);
    }

    private static void Near(Interval? expected, Interval? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Near(expected?.Low ?? 0, actual?.Low ?? 0);
        Near(expected?.High ?? 0, actual?.High ?? 0);
    }

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-9);
}
