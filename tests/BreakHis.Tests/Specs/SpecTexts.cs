using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;

namespace BreakHis.Tests.Specs;

/// <summary>Spec texts for tests.</summary>
internal static class SpecTexts
{
    /// <summary>
    /// A valid spec in which most settings occur once, so that each can be replaced by an invalid value.
    /// </summary>
    public const string Good = """
        name: good
        about: A good spec.
        seeds: [1, 2]
        threads: 2
        precision: float32
        data:
          source: breakhis
          path: images
          magnifications: [40, 100]
          label: subtype
          split: { by: patient, validation: 0.2, seed: 7 }
        model: { backbone: inception_v3, weights: imagenet }
        stages:
          bottleneck:
            input_size: 299
            resize: nearest
            head: { dense: [1024], dropout: 0.5 }
            optimizer: { adam: { learning_rate: 0.001 } }
            batch_size: 32
            epochs: 20
            early_stopping: { patience: 3 }
          fine_tune:
            train_from: Mixed_7b
            batch_norm: inference
            augmentation: { rotation: 20, horizontal_flip: true }
        """;

    /// <summary>The valid spec with one text replaced. The text must occur in it.</summary>
    public static string With(string old, string replacement) =>
        Good.Contains(old, StringComparison.Ordinal)
            ? Good.Replace(old, replacement, StringComparison.Ordinal)
            : throw new ArgumentException($"'{old}' is not in the good spec.", nameof(old));

    /// <summary>Parses a text as the file at a path.</summary>
    public static SpecFile File(string yaml, string path = "x.yaml") =>
        SpecReader.ReadText(yaml, path, [], null, Environment.GetEnvironmentVariable);

    /// <summary>The problems of a text.</summary>
    public static IReadOnlyList<Problem> Problems(string yaml) => File(yaml).Problems;

    /// <summary>Parses a valid text with exactly one spec and one seed.</summary>
    public static ExperimentSpec Read(string yaml)
    {
        SpecFile file = File(yaml);
        return file.Problems.Count == 0
            ? file.Variants.Single().Spec
            : throw new ArgumentException(string.Join('\n', file.Problems), nameof(yaml));
    }
}
