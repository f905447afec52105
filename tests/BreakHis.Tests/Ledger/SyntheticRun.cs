using BreakHis.Data;
using BreakHis.Ledger;
using BreakHis.Ledger.Reading;
using BreakHis.Ledger.Writing;
using BreakHis.Plans;
using BreakHis.Plans.Checks;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Ledger;

/// <summary>A synthetic run: its plan, its events, and a ledger for them.</summary>
internal static class SyntheticRun
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.FromHours(2));

    public static readonly IReadOnlyList<string> Classes = ["größer", "kleiner"];

    public static readonly IReadOnlyList<PlannedImage> Images =
    [
        .. Enumerable
            .Range(0, 14)
            .Select(i => new PlannedImage(
                $"a/{i:00}.png",
                Hash(i),
                i % 2,
                Patient: i < 4 ? "" : $"p{i / 4}",
                Subtype: "A",
                Magnification: i % 2 == 0 ? 0 : 400,
                i < 8 ? Side.Train
                    : i is 10 or 13 ? Side.Test
                    : Side.Validation
            )),
    ];

    public static readonly IReadOnlyList<ProvenanceEntry> Provenance =
    [
        new("git.commit", "none"),
        new("git.patch", "a 'quoted'\r\nline\n"),
        new("machine.os", "ü"),
    ];

    public static readonly IReadOnlyList<LeakCheck> SplitChecks =
    [
        new("files", LeakVerdict.Leak, "leak: ü"),
        new("labels", LeakVerdict.Clean, "none"),
        new("patients", LeakVerdict.NotChecked, ""),
        new("roots", LeakVerdict.Doubt, "a 'root'"),
    ];

    public static readonly IReadOnlyList<Checkpoint> Checkpoints =
    [
        new("bottleneck", 1, 0, new HashedFile("checkpoints/bottleneck-1-0.safetensors", Hash(120), 77), null),
        new(
            "bottleneck",
            1,
            1,
            new HashedFile("checkpoints/b.bin", Hash(121), 0),
            new HashedFile("best", Hash(122), 9)
        ),
    ];

    public static IReadOnlyList<RunEvent> Events { get; } =
    [
        new StageStarted("bottleneck"),
        new Progressed("bottleneck", StageActivity.Features, 0, 3, 12),
        new FeaturesReady("bottleneck", "key", true, Hash(100)),
        new EpochEnded(
            "bottleneck",
            0,
            null,
            new Scores(double.NaN, 0.25, 0.1, 0.25),
            0.001,
            0.5,
            0,
            false,
            null,
            Hash(110)
        ),
        new EpochEnded(
            "bottleneck",
            1,
            new Scores(1 / 3d, 0.1 + 0.2, 1e-300, 1),
            Score(1),
            0.001,
            1.5,
            8.25,
            true,
            Hash(111),
            Hash(112)
        ),
        new ArtifactWritten("bottleneck", "bottleneck/best", "bottleneck/best.bin", Hash(101), 5_000_000_000),
        new EpochEnded(
            "bottleneck",
            2,
            new Scores(double.PositiveInfinity, 0, 0, 0),
            Score(2),
            0.001,
            1,
            9,
            true,
            Hash(113),
            Hash(114)
        ),
        new ArtifactWritten("bottleneck", "bottleneck/best", "bottleneck/best.bin", Hash(102), 0),
        new CheckpointWritten(Checkpoints[0]),
        new CheckpointWritten(Checkpoints[1]),
        .. Predictions("bottleneck"),
        new StageEnded("bottleneck", 2, true, Score(2)) { Test = Score(5) },
        new StageStarted("fine_tune"),
        new EpochEnded("fine_tune", 1, Score(3), Score(4), 1e-4, 1, 2, true, null, null),
        new ArtifactWritten("fine_tune", "fine_tune/last", "a.bin", Hash(103), 7),
        .. Predictions("fine_tune"),
        new StageEnded("fine_tune", 1, false, Score(4)) { Test = new Scores(double.NaN, 0.25, 0.1, 0.25) },
        new RunEnded(),
    ];

    public static string Hash(int i) => $"{i:x64}";

    public static Plan Plan(string name = "synthetic", int fingerprint = 1, IReadOnlyList<PlannedImage>? images = null)
    {
        var loop = new LoopPlan(
            32,
            ResizeFilter.Bilinear,
            [4],
            0.5,
            new AdamSpec(),
            4,
            2,
            2,
            KeptEpoch.Best,
            MonitoredMetric.ValidationLoss,
            1
        );
        var weights = new WeightsPlan(null, "none", "drawn");
        var software = new Dictionary<string, string>(StringComparer.Ordinal);
        return new Plan(
            new ExperimentSpec
            {
                Name = name,
                Data = new DataSpec
                {
                    Source = DataSource.Synthetic,
                    Split = new SplitSpec { By = SplitUnit.Patient },
                },
                Model = new ModelSpec { Backbone = "inception_v3" },
                Stages = new StagesSpec { Bottleneck = new BottleneckSpec() },
            },
            "experiments/synthetic.yaml",
            Hash(7),
            [new MatrixChoice("model.weights", "none"), new MatrixChoice("a.b", "ü")],
            Seed: -3,
            Threads: 2,
            Device: "cpu",
            DeterminismKind.Native,
            Precision.Float32,
            "inception_v3",
            new DataPlan(Classes, images ?? Images, null, null, Hash(8), Hash(9), null, []),
            weights,
            new BottleneckPlan(
                loop,
                new FeaturesPlan(
                    "inception_v3",
                    weights,
                    -3,
                    images ?? Images,
                    [],
                    null,
                    32,
                    ResizeFilter.Bilinear,
                    Precision.Float32,
                    DeterminismKind.Native,
                    "cpu",
                    2,
                    software,
                    "key"
                )
            ),
            FineTune: null,
            software,
            Hash(fingerprint)
        );
    }

    public static NewRun New(Plan? plan = null, DateTimeOffset? start = null, string? id = null) =>
        new(
            plan ?? Plan(),
            """{"name":"synthetic"}""",
            """{"threads":2}""",
            Provenance,
            SplitChecks,
            RunProcess.Current,
            start ?? Start,
            id
        );

    /// <summary>Begins a run, records all its events, one per second, and finishes it.</summary>
    public static string Complete(LedgerDatabase ledger, NewRun run)
    {
        string id = ledger.Begin(run);
        DateTimeOffset now = run.StartedAt;
        foreach (RunEvent e in Events)
        {
            now = now.AddSeconds(1);
            ledger.Record(id, e, now);
        }

        ledger.Finish(id, RunState.Finished, null, now.AddSeconds(1));
        return id;
    }

    private static Scores Score(int i) => new(1d / i, 1d / (i + 1), 1d / (i + 2), 1d / (i + 3));

    private static IEnumerable<ImagePredicted> Predictions(string stage) =>
        Enumerable.Range(8, 6).Select(i => new ImagePredicted(stage, i, [1f / i, i == 9 ? float.NaN : 1 - (1f / i)]));
}
