using BreakHis.Specs;
using CsCheck;

namespace BreakHis.Tests.Specs;

/// <summary>
/// Random specs with valid settings, and valid combinations of settings as far as the reader checks them.
/// </summary>
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
        Gen.Select(Positive, Share, Share, Positive, Positive)
            .Select(
                OptimizerSpec (lr, beta1, beta2, epsilon, decay) =>
                    new AdamSpec
                    {
                        LearningRate = lr,
                        Beta1 = beta1,
                        Beta2 = beta2,
                        Epsilon = epsilon,
                        WeightDecay = decay,
                    }
            ),
        Gen.Select(Positive, Share, Share, Positive, Positive)
            .Select(
                OptimizerSpec (lr, beta1, beta2, epsilon, decay) =>
                    new AdamWSpec
                    {
                        LearningRate = lr,
                        Beta1 = beta1,
                        Beta2 = beta2,
                        Epsilon = epsilon,
                        WeightDecay = decay,
                    }
            ),
        Gen.Const<OptimizerSpec>(new AdamSpec())
    );

    private static readonly Gen<SplitSpec> Drawn = Gen.Select(
        Gen.OneOf(SplitUnit.Patient, SplitUnit.Image, SplitUnit.Root),
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

    private static readonly Gen<string> FilePath = Gen.String[Gen.Char["abz/. '\"#:&*é日\\"], 1, 12]
        .Where(s => s.Trim(' ').Length > 0);

    private static readonly Gen<SplitSpec> ByFile = Gen.Select(
        FilePath,
        Gen.Int[1, 5].Nullable(),
        Share.Nullable(),
        (file, fold, share) =>
            new SplitSpec
            {
                By = SplitUnit.File,
                File = file,
                Fold = fold,
                Validation = share,
            }
    );

    private static readonly Gen<SyntheticSpec> Tissue = Gen.Select(
        Gen.Int[1, 99],
        Gen.Int[1, 999],
        Gen.Int[32, 4096],
        Gen.Int[32, 4096],
        Gen.Long,
        (patients, images, width, height, seed) =>
            new SyntheticSpec
            {
                PatientsPerSubtype = patients,
                ImagesPerPatient = images,
                Width = width,
                Height = Math.Min(height, SyntheticSpec.MostPixels / width),
                Seed = seed,
            }
    );

    private static readonly Gen<IReadOnlyList<string>?> Exclusions = FilePath
        .HashSet[0, 3]
        .Select(paths => paths.Count == 0 ? null : (IReadOnlyList<string>)[.. paths]);

    private static readonly Gen<PatientRule?> Patients = Gen.Select(
        Gen.Int[0, 2],
        Gen.Int[1, 5],
        Gen.Int[0, 2].Select(i => ((string[])["^[^/]+", "(P[0-9]+)_", "[a-z]+"])[i]),
        (kind, level, pattern) =>
            kind switch
            {
                0 => null,
                1 => new PatientRule(level, null),
                _ => new PatientRule(null, pattern),
            }
    );

    private static readonly Gen<DataSpec> Data = Gen.Select(
        Gen.Enum<DataSource>(),
        FilePath,
        Tissue,
        Gen.Shuffle(new[] { 40, 100, 200, 400 }, 0, 4),
        Gen.Enum<LabelKind>(),
        Gen.Select(Gen.Frequency((3, Drawn), (1, ByFile)), Exclusions, Patients),
        Gen.Bool,
        (source, path, tissue, magnifications, label, rest, asGiven) =>
            source == DataSource.Folders
                ? new DataSpec
                {
                    Source = source,
                    Path = path,
                    Exclude = rest.Item2,
                    Patient = rest.Item1.By == SplitUnit.Root && !asGiven ? null : rest.Item3,
                    Split = asGiven
                        ? new SplitSpec { By = SplitUnit.Folders, Validation = rest.Item1.Validation }
                        : rest.Item1,
                }
                : new DataSpec
                {
                    Source = source,
                    Path = source == DataSource.Synthetic ? null : path,
                    Synthetic = source == DataSource.Synthetic ? tissue : null,
                    Magnifications = magnifications,
                    Exclude = source == DataSource.Synthetic ? null : rest.Item2,
                    Label = label,
                    Split = rest.Item1,
                }
    );

    private static readonly Gen<BackboneFacts> Backbone = Gen.Frequency(
        (3, Gen.Const(BackboneFacts.InceptionV3)),
        (1, Gen.OneOf<BackboneFacts>([.. BackboneFacts.All]))
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
        Gen.Select(Gen.Int[1, 500], Gen.Int[1, 500], Share),
        Gen.Enum<KeptEpoch>(),
        EarlyStopping,
        (size, resize, dense, optimizer, numbers, keep, stopping) =>
            new BottleneckSpec
            {
                InputSize = size,
                Resize = resize,
                Head = new HeadSpec { Dense = dense, Dropout = numbers.Item3 },
                Optimizer = optimizer,
                BatchSize = numbers.Item1,
                Epochs = numbers.Item2,
                Keep = keep,
                EarlyStopping = stopping,
            }
    );

    private static Gen<TrainFrom> From(BackboneFacts backbone)
    {
        Gen<TrainFrom> block = Gen.OneOf<string>([.. backbone.Blocks]).Select(name => new TrainFrom(name, null));
        return backbone.KerasLayers == 0
            ? block
            : Gen.OneOf(block, Gen.Int[0, backbone.KerasLayers - 1].Select(layer => new TrainFrom(null, layer)));
    }

    private static readonly Gen<AugmentationSpec?> Augmentation = Gen.Select(
        Gen.Double[0, 180],
        Gen.Select(Share, Share),
        Gen.Bool,
        Gen.Bool,
        Gen.Enum<FillMode>(),
        (rotation, shares, horizontal, vertical, fill) =>
            rotation < 60
                ? null
                : new AugmentationSpec
                {
                    Rotation = rotation,
                    ShearRadians = shares.Item1,
                    Zoom = shares.Item2,
                    HorizontalFlip = horizontal,
                    VerticalFlip = vertical,
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

    private static bool HasHead(WeightsFrom weights) => weights != WeightsFrom.ImageNet && weights != WeightsFrom.Drawn;

    private static FineTuneSpec? WithoutGivenHead(FineTuneSpec? stage) =>
        stage is { StartFrom: StartFrom.Weights } ? stage with { StartFrom = StartFrom.Random } : stage;

    private static Gen<FineTuneSpec?> FineTune(BackboneFacts backbone) =>
        Gen.Select(
            Gen.Select(From(backbone), Head, Augmentation),
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

    private static readonly Gen<PreprocessingSpec> Preprocessing =
        from mean in Gen.Double[-300, 300].Array[3]
        from std in Gen.Double[0.001, 300].Array[3]
        from order in Gen.Enum<ChannelOrder>()
        from isByte in Gen.Bool
        select new PreprocessingSpec
        {
            Mean = mean,
            Std = std,
            ChannelOrder = order,
            Range = isByte ? 255 : 1,
        };

    /// <summary>A spec with one seed.</summary>
    public static readonly Gen<ExperimentSpec> Spec =
        from backbone in Backbone
        from name in Gen.String[Gen.Char["abzABZ019_.-"], 0, 8]
        from about in Gen.String[Gen.Char["ab z\n\t\"\\:#'-日\u00e9\u20ac"], 0, 20].Null()
        from seed in Gen.Long
        from threads in Gen.Int[1, 256]
        from determinism in Gen.Enum<DeterminismKind>()
        from margin in Gen.Select(
            Gen.OneOf(Gen.Const(0.5), Gen.Const(2.0), Gen.Const(99.5)),
            Gen.Bool,
            (m, named) => named ? (double?)m : null
        )
        from data in Data
        from weights in Gen.OneOf(
            WeightsFrom.ImageNet,
            WeightsFrom.Drawn,
            WeightsFrom.Of("./w.bin"),
            new WeightsFrom(Given: null, "a1"),
            new WeightsFrom(Given: null, "b2")
        )
        from preprocessing in Preprocessing.Null()
        from bottleneck in Bottleneck
        from anyStart in FineTune(backbone)
        let fineTune = HasHead(weights) ? anyStart : WithoutGivenHead(anyStart)
        select new ExperimentSpec
        {
            Name = "n" + name,
            About = about,
            Margin = margin,
            Seeds = [seed],
            Threads = threads,
            Determinism = determinism,
            Data = data,
            Model = new ModelSpec
            {
                Backbone = backbone.Name,
                Weights = weights,
                Preprocessing = weights == WeightsFrom.ImageNet ? null : preprocessing,
            },
            Stages = new StagesSpec
            {
                Bottleneck =
                    fineTune is { StartFrom: not StartFrom.Bottleneck } && threads % 3 == 0 ? null : bottleneck,
                FineTune = fineTune,
            },
        };
}
