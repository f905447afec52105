using BreakHis.Specs;
using CsCheck;

namespace BreakHis.Tests.Specs;

/// <summary>Random specs that are good by the type of each setting, and between settings where the reader looks.</summary>
internal static class SpecGen
{
    private static readonly Gen<double> Share = Gen.Double[0.001, 0.999];

    private static readonly Gen<double> Positive = Gen.Double[-9, 2].Select(e => Math.Pow(10, e));

    private static readonly Gen<OptimizerSpec> Optimizer = Gen.OneOf(
        Gen.Select(Positive, Share, Positive)
            .Select(
                OptimizerSpec (lr, momentum, decay) =>
                    new SgdSpec
                    {
                        LearningRate = lr,
                        Momentum = momentum,
                        WeightDecay = decay,
                    }
            ),
        Gen.Select(Positive, Share, Share)
            .Select(
                OptimizerSpec (lr, beta1, beta2) =>
                    new AdamSpec
                    {
                        LearningRate = lr,
                        Beta1 = beta1,
                        Beta2 = beta2,
                    }
            ),
        Gen.Select(Positive, Positive, Positive)
            .Select(
                OptimizerSpec (lr, epsilon, decay) =>
                    new AdamWSpec
                    {
                        LearningRate = lr,
                        Epsilon = epsilon,
                        WeightDecay = decay,
                    }
            ),
        Gen.Const<OptimizerSpec>(new AdamSpec())
    );

    private static readonly Gen<SplitSpec> Split = Gen.Select(
        Gen.Bool.Select(b => b ? SplitUnit.Patient : SplitUnit.Image),
        Gen.Bool,
        Share,
        Gen.Int[2, 10],
        Gen.Long,
        (by, isShare, share, folds, seed) =>
            isShare
                ? new SplitSpec
                {
                    By = by,
                    Validation = share,
                    Seed = seed,
                }
                : new SplitSpec
                {
                    By = by,
                    Folds = folds,
                    Fold = (folds + 1) / 2,
                    Seed = seed,
                }
    );

    private static readonly Gen<DataSpec> Data = Gen.Select(
        Gen.Bool,
        Gen.String[Gen.Char["abz/. '\"#:&*é日\\"], 1, 12].Where(s => s.Trim(' ').Length > 0),
        Gen.Shuffle(new[] { 40, 100, 200, 400 }, 0, 4),
        Split,
        Gen.Int[1, 99],
        (isSynthetic, path, magnifications, split, count) =>
            new DataSpec
            {
                Source = isSynthetic ? DataSource.Synthetic : DataSource.Breakhis,
                Path = isSynthetic ? null : path,
                Synthetic = isSynthetic ? new SyntheticSpec { PatientsPerSubtype = count } : null,
                Magnifications = magnifications,
                Label = count % 2 == 0 ? LabelKind.Subtype : LabelKind.Malignancy,
                Split = split,
            }
    );

    private static readonly Gen<EarlyStoppingSpec?> EarlyStopping = Gen.Select(
        Gen.Enum<MonitoredMetric>(),
        Gen.Int[0, 20],
        (metric, patience) => patience == 0 ? null : new EarlyStoppingSpec { Monitor = metric, Patience = patience }
    );

    private static readonly Gen<BottleneckSpec> Bottleneck = Gen.Select(
        Gen.Int[75, 400].Nullable(),
        Gen.Enum<ResizeFilter>(),
        Gen.Int[1, 5000].Array[0, 3],
        Optimizer,
        Gen.Int[1, 500],
        EarlyStopping,
        (size, resize, dense, optimizer, count, stopping) =>
            new BottleneckSpec
            {
                InputSize = size,
                Resize = resize,
                Head = new HeadSpec { Dense = dense, Dropout = 1.0 / (count + 1) },
                Optimizer = optimizer,
                BatchSize = count,
                EarlyStopping = stopping,
            }
    );

    private static readonly Gen<TrainFrom> From = Gen.OneOf(
        Gen.Int[0, 17].Select(i => BackboneFacts.InceptionV3.Blocks[i]).Select(b => new TrainFrom(b, null)),
        Gen.Int[0, 310].Select(l => new TrainFrom(null, l))
    );

    private static readonly Gen<AugmentationSpec?> Augmentation = Gen.Select(
        Gen.Double[0, 180],
        Share,
        Gen.Bool,
        Gen.Enum<FillMode>(),
        (rotation, share, flip, fill) =>
            rotation < 60
                ? null
                : new AugmentationSpec
                {
                    Rotation = rotation,
                    ShearRadians = share,
                    Zoom = share,
                    HorizontalFlip = flip,
                    VerticalFlip = !flip,
                    Fill = fill,
                }
    );

    private static readonly Gen<(StartFrom StartFrom, HeadChangeSpec Head)> Head = Gen.Select(
        Gen.Enum<StartFrom>(),
        Gen.Int[1, 5000].Array[0, 3],
        Share.Nullable(),
        (from, dense, dropout) =>
            (from, new HeadChangeSpec { Dense = from == StartFrom.Random ? dense : null, Dropout = dropout })
    );

    private static readonly Gen<FineTuneSpec?> FineTune = Gen.Select(
        Gen.Select(From, Head, Augmentation),
        Gen.Select(Gen.Enum<BatchNormMode>(), Share),
        Gen.Select(Gen.Int[75, 400].Nullable(), Gen.Enum<ResizeFilter>().Nullable()),
        Optimizer,
        Gen.Select(Gen.Int[1, 50].Nullable(), Gen.Int[1, 12].Nullable(), Gen.Int[1, 50].Nullable()),
        Gen.Enum<KeptEpoch>(),
        EarlyStopping,
        (network, norm, input, optimizer, counts, keep, stopping) =>
            counts.Item1 == 50
                ? null
                : new FineTuneSpec
                {
                    TrainFrom = network.Item1,
                    StartFrom = network.Item2.StartFrom,
                    Head = network.Item2.Head,
                    Augmentation = network.Item3,
                    BatchNorm = norm.Item1,
                    BatchNormMomentum = norm.Item2,
                    InputSize = input.Item1,
                    Resize = input.Item2,
                    Optimizer = optimizer,
                    StepsPerEpoch = counts.Item1,
                    BatchSize = counts.Item2,
                    Epochs = counts.Item3,
                    Keep = keep,
                    EarlyStopping = stopping,
                }
    );

    /// <summary>A spec of one seed.</summary>
    public static readonly Gen<ExperimentSpec> Spec = Gen.Select(
        Gen.String[Gen.Char["abzABZ019_.-"], 0, 8],
        Gen.String[Gen.Char["ab z\n\t\"\\:#'-日\u00e9\u20ac"], 0, 20].Null(),
        Gen.Long,
        Data,
        Bottleneck,
        FineTune,
        Gen.Int[1, 256],
        Gen.Enum<DeterminismKind>(),
        (name, about, seed, data, bottleneck, fineTune, threads, determinism) =>
            new ExperimentSpec
            {
                Name = "n" + name,
                About = about,
                Seeds = [seed],
                Threads = threads,
                Determinism = determinism,
                Data = data,
                Model = new ModelSpec { Backbone = "inception_v3" },
                Stages = new StagesSpec
                {
                    Bottleneck = fineTune?.StartFrom == StartFrom.Random && threads % 3 == 0 ? null : bottleneck,
                    FineTune = fineTune,
                },
            }
    );
}
