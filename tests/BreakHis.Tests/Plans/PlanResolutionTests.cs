using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Tests.Specs;
using Xunit;

namespace BreakHis.Tests.Plans;

/// <summary>
/// Every value of a plan, compared with a literal that follows from the spec and its documentation. A value of the plan
/// that is missing from the table fails the test too.
/// </summary>
public sealed class PlanResolutionTests
{
    /// <summary>
    /// Both stages, with every setting different from its default. The second spec has the mutually exclusive settings.
    /// </summary>
    private const string Full = """
        name: full
        about: Every setting unlike its default.
        margin: 1.5
        seeds: [7]
        threads: 3
        determinism: portable
        data:
          source: breakhis
          path: images
          magnifications: [40, 400]
          exclude: [1.png]
          label: malignancy
          split: { by: root, folds: 3, fold: 2, seed: 5 }
        model: { backbone: resnet50, weights: ./weights.pth }
        stages:
          bottleneck:
            input_size: 96
            resize: bicubic
            head: { dense: [12, 6], dropout: 0.125 }
            optimizer: { adam: { learning_rate: 0.002, beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weight_decay: 0.03 } }
            batch_size: 4
            epochs: 9
            keep: last
            early_stopping: { monitor: validation_loss, patience: 4 }
          fine_tune:
            start_from: random
            input_size: 64
            resize: nearest
            head: { dense: [5], dropout: 0.25 }
            train_from: layer3
            batch_norm: batch_statistics
            batch_norm_momentum: 0.75
            optimizer: { adamw: { learning_rate: 0.004, beta1: 0.7, beta2: 0.95, epsilon: 1e-5, weight_decay: 0.06 } }
            augmentation: { rotation: 15, shear_radians: 0.2, zoom: 0.1, horizontal_flip: true, vertical_flip: true, fill: reflect }
            batch_size: 5
            epochs: 6
            steps_per_epoch: 1
            keep: last
            early_stopping: { monitor: validation_macro_f1, patience: 8 }
        """;

    private const string Second = """
        name: second
        data:
          source: synthetic
          synthetic: { patients_per_subtype: 2, images_per_patient: 3, width: 64, height: 48, seed: 9 }
          split: { by: image, validation: 0.4 }
        model: { backbone: inception_v3 }
        stages:
          bottleneck: { optimizer: { sgd: { learning_rate: 0.02, momentum: 0.3, weight_decay: 0.001 } } }
          fine_tune:
            train_from: { keras_layer: 249 }
            optimizer: { sgd: { learning_rate: 0.03, momentum: 0.6, weight_decay: 0.002 } }
        """;

    private const string Third = """
        name: third
        data: { source: folders, path: images, patient: { level: 2 }, split: { by: file, file: sides.csv } }
        model:
          backbone: inception_v3
          weights: none
          preprocessing: { mean: [0.5, 0.25, 0.125], std: [0.2, 0.3, 0.4], channel_order: bgr, range: 255 }
        stages:
          bottleneck: { optimizer: { adamw: { learning_rate: 0.1, beta1: 0.2, beta2: 0.3, epsilon: 0.4, weight_decay: 0.5 } } }
          fine_tune:
            train_from: Mixed_7a
            optimizer: { adam: { learning_rate: 0.5, beta1: 0.4, beta2: 0.3, epsilon: 0.2, weight_decay: 0.1 } }
        """;

    private const string Fourth = """
        name: fourth
        data: { source: folders, path: images, patient: { pattern: '([0-9])' }, split: { by: patient, validation: 0.5 } }
        model: { backbone: inception_v3, weights: { run: first } }
        stages: { bottleneck: {} }
        """;

    /// <summary>Both stages with only the required settings.</summary>
    private const string Least = """
        name: least
        data: { source: folders, path: elsewhere, split: { by: folders } }
        model: { backbone: resnet18_mlnet }
        stages: { bottleneck: {}, fine_tune: { train_from: stage4 } }
        """;

    private static string FromRandom { get; } =
        Least.Replace("bottleneck: {}, fine_tune: {", "fine_tune: { start_from: random,", StringComparison.Ordinal);

    private static string FromWeights { get; } =
        FromRandom
            .Replace("random", "weights", StringComparison.Ordinal)
            .Replace("resnet18_mlnet", "resnet18_mlnet, weights: { run: first }", StringComparison.Ordinal);

    private static readonly WeightsPlan Weights = new("/w/weights.pth", "w1", "a test")
    {
        Preprocessing = "RGB",
        AveragePools = "count padding",
        BatchNorms = "shift alone",
        TrainedAt = 224,
        Run = "r1",
        Head = new WeightsHead([3], ["a", "b"]),
    };

    private static readonly MachineFacts Machine = new(
        "cpu",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["torch"] = "2.10.0" }
    );

    [Fact]
    public void Each_setting_is_copied_to_its_plan_member() =>
        Assert.Equal(
            """
            Spec = none
            SpecFile = a.yaml
            SpecHash = 75365f6aeba907d1b60622c490c91977479d7a178723ece5a494ed9f1be588f4
            Choices[0] = MatrixChoice { Path = threads, Value = 3 }
            Seed = 7
            Threads = 3
            Device = cpu
            Determinism = Portable
            Precision = Float32
            Backbone = resnet50
            Data.Classes[0] = benign
            Data.Classes[1] = malignant
            Data.Images[0] = PlannedImage { Path = 1.png, Sha256 = h1, Class = 0, Patient = 14-1A, Subtype = adenosis, Magnification = 40, Side = Train }
            Data.Images[1] = PlannedImage { Path = 2.png, Sha256 = h2, Class = 0, Patient = 14-1B, Subtype = adenosis, Magnification = 400, Side = Train }
            Data.Images[2] = PlannedImage { Path = 3.png, Sha256 = h3, Class = 0, Patient = 14-2, Subtype = fibroadenoma, Magnification = 40, Side = Train }
            Data.Images[3] = PlannedImage { Path = 4.png, Sha256 = h4, Class = 1, Patient = 14-3, Subtype = ductal_carcinoma, Magnification = 40, Side = Train }
            Data.Images[4] = PlannedImage { Path = 5.png, Sha256 = h5, Class = 1, Patient = 14-3, Subtype = ductal_carcinoma, Magnification = 400, Side = Train }
            Data.Images[5] = PlannedImage { Path = 6.png, Sha256 = h6, Class = 0, Patient = 14-4, Subtype = adenosis, Magnification = 40, Side = Validation }
            Data.Images[6] = PlannedImage { Path = 7.png, Sha256 = h7, Class = 1, Patient = 14-5, Subtype = ductal_carcinoma, Magnification = 40, Side = Train }
            Data.Images[7] = PlannedImage { Path = 8.png, Sha256 = h8, Class = 0, Patient = 14-6, Subtype = fibroadenoma, Magnification = 40, Side = Validation }
            Data.Folder = /data
            Data.SplitFile = /sides.csv
            Data.ContentHash = f6cad7ed9960864ce6b0bfc5c6e984e6fdbec200b85c4f9e4264fbe2dc03263a
            Data.SplitHash = 27c4fed8519d1f8901e4f232d4e49e37bdf82bb71d2a2c544d593c98d6d0c10a
            Data.PatientsHash = none
            Weights.File = /w/weights.pth
            Weights.Sha256 = w1
            Weights.Origin = a test
            Weights.Given = none
            Weights.Run = r1
            Weights.Head.Dense[0] = 3
            Weights.Head.Classes[0] = a
            Weights.Head.Classes[1] = b
            Weights.Preprocessing = RGB
            Weights.AveragePools = count padding
            Weights.BatchNorms = shift alone
            Weights.TrainedAt = 224
            Bottleneck.Loop.InputSize = 96
            Bottleneck.Loop.Resize = Bicubic
            Bottleneck.Loop.Dense[0] = 12
            Bottleneck.Loop.Dense[1] = 6
            Bottleneck.Loop.Dropout = 0.125
            Bottleneck.Loop.Optimizer = AdamSpec
            Bottleneck.Loop.Optimizer.Beta1 = 0.8
            Bottleneck.Loop.Optimizer.Beta2 = 0.99
            Bottleneck.Loop.Optimizer.Epsilon = 1E-06
            Bottleneck.Loop.Optimizer.WeightDecay = 0.03
            Bottleneck.Loop.Optimizer.LearningRate = 0.002
            Bottleneck.Loop.BatchSize = 4
            Bottleneck.Loop.StepsPerEpoch = 2
            Bottleneck.Loop.Epochs = 9
            Bottleneck.Loop.Keep = Last
            Bottleneck.Loop.Monitor = ValidationLoss
            Bottleneck.Loop.Patience = 4
            Bottleneck.Features.Backbone = resnet50
            Bottleneck.Features.Weights = Weights
            Bottleneck.Features.Seed = none
            Bottleneck.Features.Images = Data.Images
            Bottleneck.Features.Contents[0] = h1
            Bottleneck.Features.Contents[1] = h2
            Bottleneck.Features.Contents[2] = h3
            Bottleneck.Features.Contents[3] = h4
            Bottleneck.Features.Contents[4] = h5
            Bottleneck.Features.Contents[5] = h6
            Bottleneck.Features.Contents[6] = h7
            Bottleneck.Features.Contents[7] = h8
            Bottleneck.Features.FirstTest = none
            Bottleneck.Features.InputSize = 96
            Bottleneck.Features.Resize = Bicubic
            Bottleneck.Features.Precision = Float32
            Bottleneck.Features.Determinism = Portable
            Bottleneck.Features.Device = cpu
            Bottleneck.Features.Threads = 3
            Bottleneck.Features.Software[torch] = 2.10.0
            Bottleneck.Features.Key = 6d14e8b73c8d932c2c4ea9e8786e65002deb6ec4a033af49b837e846de882e92
            FineTune.Loop.InputSize = 64
            FineTune.Loop.Resize = Nearest
            FineTune.Loop.Dense[0] = 5
            FineTune.Loop.Dropout = 0.25
            FineTune.Loop.Optimizer = AdamWSpec
            FineTune.Loop.Optimizer.Beta1 = 0.7
            FineTune.Loop.Optimizer.Beta2 = 0.95
            FineTune.Loop.Optimizer.Epsilon = 1E-05
            FineTune.Loop.Optimizer.WeightDecay = 0.06
            FineTune.Loop.Optimizer.LearningRate = 0.004
            FineTune.Loop.BatchSize = 5
            FineTune.Loop.StepsPerEpoch = 1
            FineTune.Loop.Epochs = 6
            FineTune.Loop.Keep = Last
            FineTune.Loop.Monitor = ValidationMacroF1
            FineTune.Loop.Patience = 8
            FineTune.StartFrom = Random
            FineTune.TrainFrom.Block = layer3
            FineTune.TrainFrom.KerasLayer = none
            FineTune.BatchNorm = BatchStatistics
            FineTune.BatchNormMomentum = 0.75
            FineTune.Augmentation.Rotation = 15
            FineTune.Augmentation.ShearRadians = 0.2
            FineTune.Augmentation.Zoom = 0.1
            FineTune.Augmentation.HorizontalFlip = True
            FineTune.Augmentation.VerticalFlip = True
            FineTune.Augmentation.Fill = Reflect
            Software = Bottleneck.Features.Software
            Fingerprint = 6037b87fed007b51525b14b177863bce11381e0f66614a415e223e511703f57b
            """.Split('\n'),
            Flatten(Resolve(Full, new MatrixChoice("threads", "3")))
        );

    [Fact]
    public void Missing_settings_have_their_documented_defaults() =>
        Assert.Equal(
            """
            Spec = none
            SpecFile = a.yaml
            SpecHash = 9bcd4c5624d0bb08b2d5cf6b39f2aba31562bffa1dae4b83f5a4eca9534c39ea
            Seed = 1
            Threads = 2
            Device = cpu
            Determinism = Native
            Precision = Float32
            Backbone = resnet18_mlnet
            Data.Classes[0] = adenosis
            Data.Classes[1] = ductal_carcinoma
            Data.Classes[2] = fibroadenoma
            Data.Images[0] = PlannedImage { Path = 1.png, Sha256 = h1, Class = 0, Patient = 14-1A, Subtype = adenosis, Magnification = 40, Side = Train }
            Data.Images[1] = PlannedImage { Path = 2.png, Sha256 = h2, Class = 0, Patient = 14-1B, Subtype = adenosis, Magnification = 400, Side = Train }
            Data.Images[2] = PlannedImage { Path = 3.png, Sha256 = h3, Class = 2, Patient = 14-2, Subtype = fibroadenoma, Magnification = 40, Side = Train }
            Data.Images[3] = PlannedImage { Path = 4.png, Sha256 = h4, Class = 1, Patient = 14-3, Subtype = ductal_carcinoma, Magnification = 40, Side = Train }
            Data.Images[4] = PlannedImage { Path = 5.png, Sha256 = h5, Class = 1, Patient = 14-3, Subtype = ductal_carcinoma, Magnification = 400, Side = Train }
            Data.Images[5] = PlannedImage { Path = 6.png, Sha256 = h6, Class = 0, Patient = 14-4, Subtype = adenosis, Magnification = 40, Side = Validation }
            Data.Images[6] = PlannedImage { Path = 7.png, Sha256 = h7, Class = 1, Patient = 14-5, Subtype = ductal_carcinoma, Magnification = 40, Side = Validation }
            Data.Images[7] = PlannedImage { Path = 8.png, Sha256 = h8, Class = 2, Patient = 14-6, Subtype = fibroadenoma, Magnification = 40, Side = Validation }
            Data.Folder = /data
            Data.SplitFile = /sides.csv
            Data.ContentHash = 21309475e55be8cc0f7f983b914ba476aca70db3eccef108375dd85a0c83e1f7
            Data.SplitHash = 732b07446016556861677fd7d7435cfd5d3a5fa233688399a25e743df2696f63
            Data.PatientsHash = none
            Weights.File = /w/weights.pth
            Weights.Sha256 = w1
            Weights.Origin = a test
            Weights.Given = none
            Weights.Run = r1
            Weights.Head.Dense[0] = 3
            Weights.Head.Classes[0] = a
            Weights.Head.Classes[1] = b
            Weights.Preprocessing = RGB
            Weights.AveragePools = count padding
            Weights.BatchNorms = shift alone
            Weights.TrainedAt = 224
            Bottleneck.Loop.InputSize = 224
            Bottleneck.Loop.Resize = Bilinear
            Bottleneck.Loop.Dense[0] = 1024
            Bottleneck.Loop.Dropout = 0.5
            Bottleneck.Loop.Optimizer = AdamSpec
            Bottleneck.Loop.Optimizer.Beta1 = 0.9
            Bottleneck.Loop.Optimizer.Beta2 = 0.999
            Bottleneck.Loop.Optimizer.Epsilon = 1E-08
            Bottleneck.Loop.Optimizer.WeightDecay = 0
            Bottleneck.Loop.Optimizer.LearningRate = 0.001
            Bottleneck.Loop.BatchSize = 32
            Bottleneck.Loop.StepsPerEpoch = 1
            Bottleneck.Loop.Epochs = 20
            Bottleneck.Loop.Keep = Best
            Bottleneck.Loop.Monitor = ValidationAccuracy
            Bottleneck.Loop.Patience = none
            Bottleneck.Features.Backbone = resnet18_mlnet
            Bottleneck.Features.Weights = Weights
            Bottleneck.Features.Seed = none
            Bottleneck.Features.Images = Data.Images
            Bottleneck.Features.Contents[0] = h1
            Bottleneck.Features.Contents[1] = h2
            Bottleneck.Features.Contents[2] = h3
            Bottleneck.Features.Contents[3] = h4
            Bottleneck.Features.Contents[4] = h5
            Bottleneck.Features.Contents[5] = h6
            Bottleneck.Features.Contents[6] = h7
            Bottleneck.Features.Contents[7] = h8
            Bottleneck.Features.FirstTest = none
            Bottleneck.Features.InputSize = 224
            Bottleneck.Features.Resize = Bilinear
            Bottleneck.Features.Precision = Float32
            Bottleneck.Features.Determinism = Native
            Bottleneck.Features.Device = cpu
            Bottleneck.Features.Threads = 2
            Bottleneck.Features.Software[torch] = 2.10.0
            Bottleneck.Features.Key = bacb08bd9328deb997e59f5761f5bcda61b798b94dfc7179b29925d0bbc903ab
            FineTune.Loop.InputSize = 224
            FineTune.Loop.Resize = Bilinear
            FineTune.Loop.Dense = Bottleneck.Loop.Dense
            FineTune.Loop.Dropout = 0.5
            FineTune.Loop.Optimizer = SgdSpec
            FineTune.Loop.Optimizer.Momentum = 0.9
            FineTune.Loop.Optimizer.WeightDecay = 0
            FineTune.Loop.Optimizer.LearningRate = 0.0001
            FineTune.Loop.BatchSize = 32
            FineTune.Loop.StepsPerEpoch = 1
            FineTune.Loop.Epochs = 20
            FineTune.Loop.Keep = Best
            FineTune.Loop.Monitor = ValidationAccuracy
            FineTune.Loop.Patience = none
            FineTune.StartFrom = Bottleneck
            FineTune.TrainFrom.Block = stage4
            FineTune.TrainFrom.KerasLayer = none
            FineTune.BatchNorm = Inference
            FineTune.BatchNormMomentum = 0.99
            FineTune.Augmentation = none
            Software = Bottleneck.Features.Software
            Fingerprint = 82b833da04806e1321fcb238b279e6b8cb1b4e6af68e1fa38ae714288890c621
            """.Split('\n'),
            Flatten(Resolve(Least))
        );

    [Fact]
    public void Fine_tune_inherits_missing_settings_from_the_bottleneck_stage()
    {
        string inheriting =
            Full[..Full.IndexOf("  fine_tune:", StringComparison.Ordinal)] + "  fine_tune: { train_from: layer3 }";

        Assert.Equal(
            """
            Loop.InputSize = 96
            Loop.Resize = Bicubic
            Loop.Dense[0] = 12
            Loop.Dense[1] = 6
            Loop.Dropout = 0.125
            Loop.Optimizer = SgdSpec
            Loop.Optimizer.Momentum = 0.9
            Loop.Optimizer.WeightDecay = 0
            Loop.Optimizer.LearningRate = 0.0001
            Loop.BatchSize = 4
            Loop.StepsPerEpoch = 2
            Loop.Epochs = 9
            Loop.Keep = Best
            Loop.Monitor = ValidationAccuracy
            Loop.Patience = none
            StartFrom = Bottleneck
            TrainFrom.Block = layer3
            TrainFrom.KerasLayer = none
            BatchNorm = Inference
            BatchNormMomentum = 0.99
            Augmentation = none
            """.Split('\n'),
            Flatten(Resolve(inheriting).FineTune)
        );
    }

    [Fact]
    public void Without_a_bottleneck_stage_fine_tune_uses_its_defaults()
    {
        Plan plan = Resolve(FromRandom);

        Assert.Null(plan.Bottleneck);
        Assert.Equal(
            """
            Loop.InputSize = 224
            Loop.Resize = Bilinear
            Loop.Dense[0] = 1024
            Loop.Dropout = 0.5
            Loop.Optimizer = SgdSpec
            Loop.Optimizer.Momentum = 0.9
            Loop.Optimizer.WeightDecay = 0
            Loop.Optimizer.LearningRate = 0.0001
            Loop.BatchSize = 32
            Loop.StepsPerEpoch = 1
            Loop.Epochs = 20
            Loop.Keep = Best
            Loop.Monitor = ValidationAccuracy
            Loop.Patience = none
            StartFrom = Random
            TrainFrom.Block = stage4
            TrainFrom.KerasLayer = none
            BatchNorm = Inference
            BatchNormMomentum = 0.99
            Augmentation = none
            """.Split('\n'),
            Flatten(plan.FineTune)
        );
    }

    [Fact]
    public void A_head_that_comes_with_the_weights_has_their_layers()
    {
        Plan plan = Resolve(
            FromWeights,
            Weights with
            {
                Head = new WeightsHead([7, 3], Resolve(FromRandom).Data.Classes),
            }
        );

        Assert.Equal([7, 3], plan.FineTune!.Loop.Dense);
        Assert.NotEqual(Resolve(FromRandom).Fingerprint, plan.Fingerprint);
    }

    [Fact]
    public void A_head_for_other_classes_is_reported()
    {
        string[] classes = [.. Resolve(FromRandom).Data.Classes];
        string Wrong(WeightsHead? head)
        {
            DataException error = Assert.Throws<DataException>(() =>
                Resolve(FromWeights, Weights with { Head = head })
            );
            Assert.Equal("stages.fine_tune.start_from", error.Setting);
            return error.Message;
        }

        Assert.Equal("the weights have no head to start from; those that a run kept have one", Wrong(null));
        Assert.Equal(
            $"the head of the weights is for the classes x, y; the images have {string.Join(", ", classes)}",
            Wrong(new WeightsHead([7], ["x", "y"]))
        );
        Assert.StartsWith(
            "the head of the weights is for the classes ",
            Wrong(new WeightsHead([7], [.. classes.Reverse()])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Each_stage_has_its_own_optimizer_with_all_settings()
    {
        Assert.Equal(
            """
            SgdSpec
            Momentum = 0.3
            WeightDecay = 0.001
            LearningRate = 0.02
            """.Split('\n'),
            Flatten(Resolve(Second).Bottleneck!.Loop.Optimizer)
        );
        Assert.Equal(
            """
            SgdSpec
            Momentum = 0.6
            WeightDecay = 0.002
            LearningRate = 0.03
            """.Split('\n'),
            Flatten(Resolve(Second).FineTune!.Loop.Optimizer)
        );
        Assert.Equal(
            """
            AdamWSpec
            Beta1 = 0.2
            Beta2 = 0.3
            Epsilon = 0.4
            WeightDecay = 0.5
            LearningRate = 0.1
            """.Split('\n'),
            Flatten(Resolve(Third).Bottleneck!.Loop.Optimizer)
        );
        Assert.Equal(
            """
            AdamSpec
            Beta1 = 0.4
            Beta2 = 0.3
            Epsilon = 0.2
            WeightDecay = 0.1
            LearningRate = 0.5
            """.Split('\n'),
            Flatten(Resolve(Third).FineTune!.Loop.Optimizer)
        );
    }

    [Fact]
    public void Preprocessing_is_copied_to_the_weights_of_the_plan_and_of_the_features()
    {
        Plan plan = Resolve(Third);

        Assert.Equal(
            """
            Mean[0] = 0.5
            Mean[1] = 0.25
            Mean[2] = 0.125
            Std[0] = 0.2
            Std[1] = 0.3
            Std[2] = 0.4
            ChannelOrder = Bgr
            Range = 255
            """.Split('\n'),
            Flatten(plan.Weights.Given!)
        );
        Assert.Same(plan.Weights.Given, plan.Bottleneck!.Features.Weights.Given);
    }

    [Fact]
    public void The_first_trained_part_may_be_a_Keras_layer() =>
        Assert.Equal(new TrainFrom(null, 249), Resolve(Second).FineTune!.TrainFrom);

    /// <summary>Six of the eight images are training images. An incomplete batch counts as a step.</summary>
    [Theory]
    [InlineData("{ batch_size: 1 }", "{ train_from: layer3 }", 6, 6)]
    [InlineData("{ batch_size: 4 }", "{ train_from: layer3 }", 2, 2)]
    [InlineData("{ batch_size: 6 }", "{ train_from: layer3, batch_size: 5 }", 1, 2)]
    [InlineData("{ batch_size: 7 }", "{ train_from: layer3, batch_size: 2 }", 1, 3)]
    [InlineData("{ batch_size: 2 }", "{ train_from: layer3, steps_per_epoch: 2 }", 3, 2)]
    [InlineData("{ batch_size: 2 }", "{ train_from: layer3, steps_per_epoch: 3 }", 3, 3)]
    [InlineData("{ batch_size: 2 }", "{ train_from: layer3, steps_per_epoch: 9 }", 3, 3)]
    public void By_default_an_epoch_uses_each_training_image_once(
        string bottleneck,
        string fineTune,
        int bottleneckSteps,
        int fineTuneSteps
    )
    {
        Plan plan = Resolve(
            $"{Full[..Full.IndexOf("stages:", StringComparison.Ordinal)]}stages: {{ bottleneck: {bottleneck}, fine_tune: {fineTune} }}"
        );

        Assert.Equal(6, plan.Data.Images.Count(image => image.Side == Side.Train));
        Assert.Equal(bottleneckSteps, plan.Bottleneck!.Loop.StepsPerEpoch);
        Assert.Equal(fineTuneSteps, plan.FineTune!.Loop.StepsPerEpoch);
    }

    [Fact]
    public void Features_of_test_images_come_last_and_have_batches_of_their_own()
    {
        CatalogueImage[] tested =
        [
            .. Images.Select((image, i) => i == 2 ? image with { GivenSide = Side.Test } : image),
        ];
        string given = Full.Replace(
            "by: root, folds: 3, fold: 2",
            "by: file, file: sides.csv",
            StringComparison.Ordinal
        );
        FeaturesPlan with = Resolve(given, Weights, tested, []).Bottleneck!.Features;
        FeaturesPlan without = Resolve(given, Weights, Images, []).Bottleneck!.Features;
        FeaturesPlan last = Resolve(
            given,
            Weights,
            [.. Images.Select((image, i) => i == 7 ? image with { GivenSide = Side.Test } : image)],
            []
        ).Bottleneck!.Features;

        Assert.Equal(["h1", "h2", "h4", "h5", "h6", "h7", "h8", "h3"], with.Contents);
        Assert.Equal((7, null), (with.FirstTest, without.FirstTest));
        Assert.Equal(without.Contents, last.Contents);
        Assert.NotEqual(without.Key, last.Key);
    }

    [Fact]
    public void Drawn_weights_depend_on_the_seed_which_the_features_record()
    {
        Assert.Equal(7, Resolve(Full, new WeightsPlan(null, "none", "drawn")).Bottleneck!.Features.Seed);
        Assert.Null(Resolve(Full, Weights).Bottleneck!.Features.Seed);
    }

    /// <summary>
    /// If this test fails and the golden spec has no new value, every recorded fingerprint has changed: do not adjust the
    /// test.
    /// </summary>
    [Fact]
    public void The_hashed_bytes_are_golden()
    {
        Plan plan = Resolve(Full);

        Assert.Equal(
            """{"backbone":"resnet50","bottleneck":{"batch_size":4,"dense":[12,6],"dropout":0.125,"epochs":9,"input_size":96,"keep":"last","monitor":"validation_loss","optimizer":{"adam":{"beta1":0.8,"beta2":0.99,"epsilon":0.000001,"learning_rate":0.002,"weight_decay":0.03}},"patience":4,"resize":"bicubic","steps_per_epoch":2},"data":"f6cad7ed9960864ce6b0bfc5c6e984e6fdbec200b85c4f9e4264fbe2dc03263a","determinism":"portable","device":"cpu","fine_tune":{"augmentation":{"fill":"reflect","horizontal_flip":true,"rotation":15,"shear_radians":0.2,"vertical_flip":true,"zoom":0.1},"batch_norm":"batch_statistics","batch_norm_momentum":0.75,"loop":{"batch_size":5,"dense":[5],"dropout":0.25,"epochs":6,"input_size":64,"keep":"last","monitor":"validation_macro_f1","optimizer":{"adamw":{"beta1":0.7,"beta2":0.95,"epsilon":0.00001,"learning_rate":0.004,"weight_decay":0.06}},"patience":8,"resize":"nearest","steps_per_epoch":1},"start_from":"random","train_from":{"block":"layer3"}},"precision":"float32","seed":7,"software":{"torch":"2.10.0"},"split":"27c4fed8519d1f8901e4f232d4e49e37bdf82bb71d2a2c544d593c98d6d0c10a","threads":3,"weights":"w1"}""",
            PlanJson.Determining(plan).ToString()
        );
        Assert.Equal("6037b87fed007b51525b14b177863bce11381e0f66614a415e223e511703f57b", plan.Fingerprint);
    }

    [Fact]
    public void The_record_of_a_plan_counts_the_images_of_each_side() =>
        Assert.Equal(
            $$"""{"choices":{"threads":"3"},"determining":{{PlanJson.Determining(Resolve(Full))}},"features_key":"6d14e8b73c8d932c2c4ea9e8786e65002deb6ec4a033af49b837e846de882e92","fingerprint":"6037b87fed007b51525b14b177863bce11381e0f66614a415e223e511703f57b","folder":"/data","spec_file":"a.yaml","spec_hash":"75365f6aeba907d1b60622c490c91977479d7a178723ece5a494ed9f1be588f4","train_images":6,"validation_images":2,"weights_average_pools":"count padding","weights_batch_norms":"shift alone","weights_file":"/w/weights.pth","weights_origin":"a test","weights_preprocessing":"RGB","weights_run":"r1","weights_trained_at":224}""",
            PlanJson.Of(Resolve(Full, new MatrixChoice("threads", "3"))).ToString()
        );

    /// <summary>The hash of [["1.png","14-1A"],...], computed by Python's json and hashlib.</summary>
    [Fact]
    public void Patients_enter_the_plan_if_the_spec_says_where_they_are()
    {
        Assert.Null(Resolve(Full).Data.PatientsHash);
        Assert.Equal(
            "3f6c70c20cb65086ab0e616324cedac8d0af89289da903040fc8457a0f86bed0",
            Resolve(Fourth).Data.PatientsHash
        );
    }

    /// <summary>Ensures that the tables are complete. Add every new setting to the specs above.</summary>
    [Fact]
    public void The_specs_give_each_setting_a_value_other_than_its_default()
    {
        JsonNode defaults = Canonical(Least);
        JsonNode[] specs = [.. ((string[])[Full, Second, Third, Fourth]).Select(Canonical)];

        Assert.Equal(
            LeafChanges.Paths.Order(StringComparer.Ordinal),
            LeafChanges
                .Paths.Where(path =>
                    specs.Any(spec => At(spec, path) is { } value && !JsonNode.DeepEquals(value, At(defaults, path)))
                )
                .Order(StringComparer.Ordinal)
        );
    }

    private static JsonNode Canonical(string yaml) => JsonNode.Parse(CanonicalForm.Of(SpecTexts.Read(yaml)))!;

    private static JsonNode? At(JsonNode spec, string path) =>
        path.Split('.').Aggregate((JsonNode?)spec, (node, key) => (node as JsonObject)?[key]);

    private static Plan Resolve(string yaml, params MatrixChoice[] choices) => Resolve(yaml, Weights, choices);

    private static Plan Resolve(string yaml, WeightsPlan weights, params MatrixChoice[] choices) =>
        Resolve(yaml, weights, Images, choices);

    private static Plan Resolve(string yaml, WeightsPlan weights, CatalogueImage[] images, MatrixChoice[] choices)
    {
        SpecFile file = SpecReader.ReadText(yaml, "/specs/a.yaml", [], null, _ => null);
        Assert.Empty(file.Problems);
        SpecVariant variant = Assert.Single(file.Variants) with { Choices = choices };
        var catalogue = new Catalogue(images, "/data", "/sides.csv");
        Plan plan = PlanResolution.Resolve(variant, "a.yaml", catalogue, weights, Machine);
        Assert.Same(variant.Spec, plan.Spec);
        return plan with { Spec = null! };
    }

    /// <summary>
    /// Patients 14-1A and 14-1B share a root. For folders, the last three are in the validation folder.
    /// </summary>
    private static CatalogueImage[] Images { get; } =
    [
        new("1.png", "h1", "adenosis", false, "14-1A", 40, Side.Train),
        new("2.png", "h2", "adenosis", false, "14-1B", 400, Side.Train),
        new("3.png", "h3", "fibroadenoma", false, "14-2", 40, Side.Train),
        new("4.png", "h4", "ductal_carcinoma", true, "14-3", 40, Side.Train),
        new("5.png", "h5", "ductal_carcinoma", true, "14-3", 400, Side.Train),
        new("6.png", "h6", "adenosis", false, "14-4", 40, Side.Validation),
        new("7.png", "h7", "ductal_carcinoma", true, "14-5", 40, Side.Validation),
        new("8.png", "h8", "fibroadenoma", false, "14-6", 40, Side.Validation),
    ];

    private static IReadOnlyList<string> Flatten(object? value) =>
        [.. Flatten("", value, new(ReferenceEqualityComparer.Instance))];

    /// <summary>
    /// Every value below a path, one per line, with the type of polymorphic values. A repeated object is shown as the
    /// path of its first occurrence.
    /// </summary>
    private static IEnumerable<string> Flatten(string path, object? value, Dictionary<object, string> seen)
    {
        if (value is null or string or IConvertible)
        {
            return [$"{path} = {Convert.ToString(value ?? "none", CultureInfo.InvariantCulture)}"];
        }

        if (!seen.TryAdd(value, path))
        {
            return [$"{path} = {seen[value]}"];
        }

        return value switch
        {
            IReadOnlyDictionary<string, string> map => map.Select(entry => $"{path}[{entry.Key}] = {entry.Value}"),
            IEnumerable list => list.Cast<object>().Select((item, i) => $"{path}[{i}] = {item}"),
            OptimizerSpec => Members(path, value, seen).Prepend($"{path} = {value.GetType().Name}".TrimStart(' ', '=')),
            _ => Members(path, value, seen),
        };
    }

    private static IEnumerable<string> Members(string path, object record, Dictionary<object, string> seen) =>
        record
            .GetType()
            .GetProperties()
            .Where(member => member.CanWrite)
            .SelectMany(member =>
                Flatten(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.GetValue(record), seen)
            );
}
