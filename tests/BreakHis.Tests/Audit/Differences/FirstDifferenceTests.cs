using BreakHis.Audit;
using BreakHis.Audit.Differences;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Plans;
using BreakHis.Runs;
using BreakHis.Tests.Ledger;
using Xunit;

namespace BreakHis.Tests.Audit.Differences;

/// <summary>The reported difference is the cause of the others, even if many numbers differ.</summary>
public sealed class FirstDifferenceTests : IDisposable
{
    private readonly AuditedRuns _runs = new();
    private readonly RecordedRun _run;

    public FirstDifferenceTests() => _run = _runs.Run();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Identical_runs_do_not_differ() => Assert.Null(FirstDifference.Between(_run, _runs.Run()));

    [Fact]
    public void Times_and_cache_use_are_not_differences() =>
        Assert.Null(
            Place(
                Stage(
                    0,
                    s =>
                        s with
                        {
                            Features = s.Features! with { FromCache = true },
                            Epochs = Each(s, e => e with { Seconds = 9 }),
                        }
                )
            )
        );

    [Fact]
    public void Swapped_images_precede_all_their_effects()
    {
        PlannedImage[] images = _run.Images.ToArray();
        (images[0], images[1]) = (
            images[0] with
            {
                Sha256 = images[1].Sha256,
            },
            images[1] with
            {
                Sha256 = images[0].Sha256,
            }
        );
        RecordedRun other = FromEpoch(0, 1) with { Images = images };
        other = other with { Stages = [other.Stages[0] with { Features = Features("x") }, other.Stages[1]] };

        FirstDifference difference = FirstDifference.Between(_run, other)!;
        Assert.Equal("images", difference.Place);
        Assert.Empty(difference.Others);
        Assert.StartsWith(_run.Images[0].Path, difference.First, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_the_first_difference_if_a_library_computes_differently()
    {
        RecordedRun other = FromEpoch(0, 1);
        other = other with { Stages = [other.Stages[0] with { Features = Features("x") }, other.Stages[1]] };
        Assert.Equal("bottleneck: features", Place(other));
    }

    [Fact]
    public void A_different_order_of_images_is_reported_instead_of_the_resulting_loss()
    {
        RecordedRun other = FromEpoch(0, 2);
        RecordedStage stage = other.Stages[0];
        other = other with
        {
            Stages =
            [
                stage with
                {
                    Epochs = [stage.Epochs[0], stage.Epochs[1] with { OrderSha256 = SyntheticRun.Hash(9) }],
                },
                other.Stages[1],
            ],
        };

        FirstDifference difference = FirstDifference.Between(_run, other)!;
        Assert.Equal("bottleneck, epoch 2: order of images", difference.Place);
        Assert.Empty(difference.Others);
    }

    [Fact]
    public void A_different_state_after_the_same_order_is_reported_at_its_epoch()
    {
        Assert.Equal("bottleneck, epoch 1: state after training", Place(FromEpoch(0, 1)));
        Assert.Equal("bottleneck, epoch 2: state after training", Place(FromEpoch(0, 2)));
        Assert.Equal("fine_tune, epoch 1: state after training", Place(FromEpoch(1, 1)));
    }

    [Fact]
    public void Different_validation_scores_for_the_same_state_are_reported() =>
        Assert.Equal(
            "bottleneck, epoch 2: validation scores",
            Place(
                Stage(
                    0,
                    s => s with { Epochs = [s.Epochs[0], s.Epochs[1] with { Validation = new Scores(7, 0, 0, 0) }] }
                )
            )
        );

    [Fact]
    public void A_different_best_epoch_for_the_same_scores_is_reported() =>
        Assert.Equal(
            "bottleneck, epoch 2: best so far",
            Place(Stage(0, s => s with { Epochs = [s.Epochs[0], s.Epochs[1] with { IsBest = true }] }))
        );

    [Fact]
    public void A_later_difference_in_order_is_independent_and_reported_too()
    {
        RecordedRun other = FromEpoch(0, 1);
        RecordedStage stage = other.Stages[0];
        EpochEnded last = stage.Epochs[1] with { OrderSha256 = SyntheticRun.Hash(9) };
        other = other with { Stages = [stage with { Epochs = [stage.Epochs[0], last] }, other.Stages[1]] };

        FirstDifference difference = FirstDifference.Between(_run, other)!;
        Assert.Equal("bottleneck, epoch 1: state after training", difference.Place);
        Assert.Equal(["bottleneck, epoch 2: order of images"], difference.Others);
    }

    [Fact]
    public void Different_kept_files_and_predictions_for_the_same_state_are_reported()
    {
        Assert.Equal(
            "fine_tune: kept weights",
            Place(
                _run with
                {
                    Artifacts =
                    [
                        .. _run.Artifacts.Select(a =>
                            a.Stage == "fine_tune" ? a with { Sha256 = SyntheticRun.Hash(1) } : a
                        ),
                    ],
                }
            )
        );
        FirstDifference difference = FirstDifference.Between(
            _run,
            Stage(
                1,
                s =>
                    s with
                    {
                        Predictions =
                        [
                            .. s.Predictions.SkipLast(1),
                            s.Predictions[^1] with
                            {
                                Probabilities = [0.5f, 0.5f],
                            },
                        ],
                    }
            )
        )!;
        Assert.Equal("fine_tune: predictions", difference.Place);
        Assert.EndsWith("[0.25,0.75]", difference.First, StringComparison.Ordinal);
        Assert.EndsWith("[0.5,0.5]", difference.Second, StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_stop_is_reported_as_such() =>
        Assert.Equal("bottleneck: last epoch", Place(Stage(0, s => s with { Epochs = [s.Epochs[0]] })));

    [Fact]
    public void A_stage_that_only_one_run_has_begun_is_reported()
    {
        Assert.Equal("fine_tune", Place(_run with { Stages = [_run.Stages[0]] }));
        Assert.Equal("bottleneck", Place(_run with { Stages = [] }));
        Assert.Equal("images", Place(_run with { Stages = [_run.Stages[0]], Images = [.. _run.Images.Reverse()] }));
    }

    [Fact]
    public void An_earlier_end_of_a_stage_is_reported_and_a_missing_one_is_not()
    {
        StageEnded end = _run.Stages[0].End!;
        Assert.Equal("bottleneck: kept epoch", Place(Stage(0, s => s with { End = end with { StoppedEarly = true } })));
        Assert.Equal("bottleneck: kept epoch", Place(Stage(0, s => s with { End = end with { KeptEpoch = 2 } })));
        Assert.Equal(
            "bottleneck: scores of the kept weights",
            Place(Stage(0, s => s with { End = end with { Kept = end.Kept with { MacroF1 = 0.75 } } }))
        );
        Assert.Null(Place(Stage(1, s => s with { End = null })));
    }

    [Fact]
    public void Files_that_both_runs_kept_are_compared_but_not_traces()
    {
        RecordedRun With(string path, int hash) =>
            _run with
            {
                Artifacts =
                [
                    .. _run.Artifacts,
                    new ArtifactWritten("fine_tune", "trace", path, SyntheticRun.Hash(hash), 1),
                ],
            };

        Assert.Null(FirstDifference.Between(With("trace/fine_tune.jsonl", 1), With("trace/fine_tune.jsonl", 2)));
        Assert.Null(FirstDifference.Between(_run, With("classes.json", 2)));
        Assert.Equal(
            "fine_tune: other files",
            FirstDifference.Between(With("classes.json", 1), With("classes.json", 2))?.Place
        );
        Assert.Equal(
            "fine_tune: kept weights",
            FirstDifference.Between(With("fine_tune/x", 1), With("fine_tune/x", 2))?.Place
        );
    }

    [Fact]
    public void The_first_line_that_differs_is_shown()
    {
        RecordedRun begun = _run with { Stages = [] };
        RecordedRun shorter = begun with { Images = [.. _run.Images.SkipLast(1)] };

        FirstDifference difference = FirstDifference.Between(begun, shorter)!;

        Assert.StartsWith(_run.Images[^1].Path, difference.First, StringComparison.Ordinal);
        Assert.Equal("nothing", difference.Second);
    }

    [Fact]
    public void Values_missing_from_an_old_record_are_not_differences()
    {
        RecordedRun old = Stage(
            0,
            s => s with { Epochs = Each(s, e => e with { OrderSha256 = null, StateSha256 = null }) }
        );
        Assert.Null(Place(old));
        Assert.Equal(
            "bottleneck, epoch 1: state after training",
            Place(old with { Stages = [Trained(old.Stages[0], 1), old.Stages[1]] })
        );
    }

    [Fact]
    public void A_setting_and_a_thread_count_are_distinguished()
    {
        Assert.Equal("plan settings", Place(_run with { Plan = Replaced("\"epochs\":2", "\"epochs\":3") }));
        Assert.Null(Place(_run with { Plan = Replaced("\"threads\":1", "\"threads\":2") }));
    }

    private string Replaced(string old, string replacement)
    {
        Assert.Contains(old, _run.Plan, StringComparison.Ordinal);
        return _run.Plan.Replace(old, replacement, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_library_is_environment_and_hashing_is_worded_differently_from_recomputing()
    {
        RecordedRun other = FromEpoch(0, 1) with
        {
            Provenance = [.. _run.Provenance.Select(e => e.Name == "compute.torch" ? e with { Value = "2" } : e)],
        };

        AuditEntry[] failed =
        [
            .. RerunChecks.Of(_run, other, FirstDifference.Between(_run, other), cameWithRecord: false),
        ];
        AuditEntry[] passed =
        [
            .. RerunChecks.Of(_run, _run with { Provenance = other.Provenance }, null, cameWithRecord: false),
        ];

        Assert.Equal([AuditOutcome.Fail, AuditOutcome.Inconclusive], failed.Select(check => check.Outcome));
        Assert.Equal("differences that may be the cause: compute.torch was 1, is now 2", failed[1].Reason);
        Assert.Equal([AuditOutcome.Pass, AuditOutcome.Pass], passed.Select(check => check.Outcome));
        Assert.StartsWith("differences without effect on this run", passed[1].Reason, StringComparison.Ordinal);
        Assert.All(
            failed.Concat(passed),
            check => Assert.DoesNotContain("match", check.Reason, StringComparison.Ordinal)
        );
        Assert.StartsWith("not reproduced", failed[0].Reason, StringComparison.Ordinal);
        Assert.StartsWith("reproduced bit for bit", passed[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", null)]
    [InlineData("images", "step 2: order of images")]
    [InlineData("inputs", "step 2: inputs computed from the images")]
    [InlineData("seed", "step 2: dropout seed")]
    [InlineData("module", "step 2: output of module b")]
    [InlineData("loss", "step 2: loss")]
    [InlineData("gradient", "step 2: gradient of p")]
    [InlineData("state", "step 2: update of q")]
    public void A_trace_locates_the_step_and_its_module(string what, string? place)
    {
        FirstDifference epoch = FirstDifference.Between(_run, FromEpoch(1, 1))!;
        TracedStep[] steps = [Step(1, ""), Step(2, ""), Step(3, "")];

        FirstDifference within = epoch.Within(
            steps,
            [steps[0], Step(2, what), Step(3, what == "nothing" ? "" : "all")]
        );

        Assert.Equal(place is null ? epoch.Place : $"fine_tune, epoch 1, {place}", within.Place);
    }

    [Fact]
    public void Locating_a_difference_needs_the_traces_of_both_runs()
    {
        RecordedRun other = FromEpoch(1, 1);
        RunFolder[] folders = [new(_runs.At("one")), new(_runs.At("other"))];
        foreach (RunFolder folder in folders)
        {
            Directory.CreateDirectory(folder.File("trace"));
        }

        File.WriteAllText(folders[0].File("trace/fine_tune.jsonl"), Step(1, "").Line() + "\n");
        string? Place() => FirstDifference.Between(_run, folders[0], other, folders[1])?.Place;

        Assert.Equal("fine_tune, epoch 1: state after training", Place());
        File.WriteAllText(folders[1].File("trace/fine_tune.jsonl"), Step(1, "module").Line() + "\n{");
        Assert.Equal("fine_tune, epoch 1: state after training", Place());
        File.WriteAllText(folders[1].File("trace/fine_tune.jsonl"), "null\n");
        Assert.Equal("fine_tune, epoch 1: state after training", Place());
        File.WriteAllText(folders[1].File("trace/fine_tune.jsonl"), "{\"epoch\":1,\"step\":1}\n");
        Assert.Equal("fine_tune, epoch 1: state after training", Place());
        using (FileStream endless = File.Create(folders[1].File("trace/fine_tune.jsonl")))
        {
            endless.SetLength(1L << 36);
        }

        Assert.Equal("fine_tune, epoch 1: state after training", Place());
        File.WriteAllText(folders[1].File("trace/fine_tune.jsonl"), Step(1, "module").Line() + "\n");
        Assert.Equal("fine_tune, epoch 1, step 1: output of module b", Place());
    }

    /// <summary>A step with one difference and all its consequences.</summary>
    private static TracedStep Step(int number, string what)
    {
        string[] flow = ["images", "inputs", "seed", "module", "loss", "gradient", "state"];
        int from = what == "all" ? 0 : Array.IndexOf(flow, what);
        string Value(string name) => from >= 0 && Array.IndexOf(flow, name) >= from ? "other" : "same";
        bool modules = Value("module") == "other";
        return new TracedStep(
            1,
            number,
            ["x", what == "seed" ? "same" : Value("images")],
            what == "seed" ? "same" : Value("inputs"),
            what is "images" or "inputs" ? "same" : Value("seed"),
            [new("a", modules && from < 3 ? "other" : "same"), new("b", Value("module")), new("c", Value("module"))],
            Value("loss"),
            [new("o", Value("gradient")), new("p", Value("gradient"))],
            [new("frozen", "same"), new("q", Value("state"))]
        );
    }

    private string? Place(RecordedRun other) => FirstDifference.Between(_run, other)?.Place;

    private RecordedRun Stage(int stage, Func<RecordedStage, RecordedStage> change)
    {
        RecordedStage[] stages = [.. _run.Stages];
        stages[stage] = change(stages[stage]);
        return _run with { Stages = stages };
    }

    /// <summary>A run whose results differ from the training of an epoch onwards.</summary>
    private RecordedRun FromEpoch(int stage, int epoch)
    {
        RecordedRun other = Stage(stage, s => Trained(s, epoch));
        return stage == 0 ? other with { Stages = [other.Stages[0], Trained(other.Stages[1], 0)] } : other;
    }

    private static RecordedStage Trained(RecordedStage stage, int from) =>
        stage with
        {
            Epochs =
            [
                .. stage.Epochs.Select(e =>
                    e.Epoch < from
                        ? e
                        : e with
                        {
                            Train = e.Train is null ? null : new Scores(8, 0, 0, 0),
                            Validation = new Scores(9, 0, 0, 0),
                            StateSha256 = e.StateSha256 is null ? null : SyntheticRun.Hash(900 + e.Epoch),
                        }
                ),
            ],
            Predictions = [.. stage.Predictions.Select(p => p with { Probabilities = [0.125f, 0.875f] })],
        };

    private static EpochEnded[] Each(RecordedStage stage, Func<EpochEnded, EpochEnded> change) =>
        [.. stage.Epochs.Select(change)];

    private static FeaturesReady Features(string hash) => new("bottleneck", "key", false, hash);
}
