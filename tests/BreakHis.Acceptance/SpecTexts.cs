namespace BreakHis.Acceptance;

/// <summary>Specs that run in seconds.</summary>
internal static class SpecTexts
{
    /// <summary>
    /// Synthetic tissue and both stages of the smallest backbone: 1.6 MB are trained, so saving takes little time.
    /// </summary>
    public const string Tiny = """
        name: tiny
        about: A test.
        seeds: [3]
        threads: 1
        data:
          source: synthetic
          synthetic: { patients_per_subtype: 1, images_per_patient: 1, width: 64, height: 64, seed: 5 }
          magnifications: [200]
          label: malignancy
          split: { by: patient, validation: 0.5, seed: 2 }
        model: { backbone: mobilenet_v2, weights: none }
        stages:
          bottleneck:
            input_size: 64
            head: { dense: [16], dropout: 0.25 }
            batch_size: 2
            epochs: 3
          fine_tune:
            train_from: features_18
            batch_norm: batch_statistics_updating
            optimizer: { sgd: { learning_rate: 0.001, momentum: 0.9 } }
            augmentation: { rotation: 10, shear_radians: 0.1, zoom: 0.1, horizontal_flip: true, fill: nearest }
            epochs: 2
        """;

    /// <summary>The same with ML.NET's ResNet-18 and its ImageNet weights.</summary>
    public static string TinyImageNet { get; } =
        Tiny.Replace("mobilenet_v2, weights: none", "resnet18_mlnet, weights: imagenet", StringComparison.Ordinal)
            .Replace("features_18", "stage4", StringComparison.Ordinal);

    /// <summary>The same with Inception V3, weights drawn from the seed, at its minimum input size.</summary>
    public const string TinyInception = """
        extends: tiny.yaml
        name: tiny-inception
        model: { backbone: inception_v3, weights: none }
        stages:
          bottleneck: { input_size: 75 }
          fine_tune: { train_from: { keras_layer: 249 } }
        """;

    /// <summary>Whether to run tests that take many minutes too: BREAKHIS_SLOW_TESTS=all.</summary>
    public static bool AllRun => Environment.GetEnvironmentVariable("BREAKHIS_SLOW_TESTS") == "all";

    /// <summary>Whether to run slow tests: BREAKHIS_SLOW_TESTS=1 or all.</summary>
    public static bool SlowTestsRun => AllRun || Environment.GetEnvironmentVariable("BREAKHIS_SLOW_TESTS") == "1";

    /// <summary>Skips a test unless slow tests are enabled.</summary>
    public static void SkipUnlessSlowTestsRun() =>
        Xunit.Assert.SkipUnless(
            SlowTestsRun,
            "slow (a minute or more); set BREAKHIS_SLOW_TESTS=1 to run it, as in .ci/run"
        );
}
