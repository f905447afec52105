using BreakHis.Specs.Problems;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>Each rule between settings: what breaks it, and the nearest thing that does not.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("source: breakhis, path: a, split: { by: patient, validation: 0.5 }", "")]
    [InlineData("source: breakhis, split: { by: patient, validation: 0.5 }", "BH1018 data.path")]
    [InlineData("source: folders, path: a, split: { by: image, validation: 0.5 }", "")]
    [InlineData("source: folders, split: { by: image, validation: 0.5 }", "BH1018 data.path")]
    [InlineData("source: synthetic, synthetic: {}, split: { by: image, validation: 0.5 }", "")]
    [InlineData("source: synthetic, split: { by: image, validation: 0.5 }", "BH1018 data.synthetic")]
    [InlineData(
        "source: synthetic, synthetic: { width: 3000, height: 3000 }, split: { by: image, validation: 0.5 }",
        "BH1010 data.synthetic"
    )]
    [InlineData("source: synthetic, synthetic: {}, path: a, split: { by: image, validation: 0.5 }", "BH1019 data.path")]
    [InlineData(
        "source: folders, synthetic: {}, path: a, split: { by: image, validation: 0.5 }",
        "BH1019 data.synthetic"
    )]
    [InlineData("source: breakhis, label: malignancy, path: a, split: { by: image, validation: 0.5 }", "")]
    [InlineData(
        "source: folders, label: malignancy, path: a, split: { by: image, validation: 0.5 }",
        "BH1019 data.label"
    )]
    [InlineData("source: folders, label: subtype, path: a, split: { by: image, validation: 0.5 }", "")]
    [InlineData(
        "source: folders, magnifications: [40], path: a, split: { by: image, validation: 0.5 }",
        "BH1019 data.magnifications"
    )]
    [InlineData("source: folders, exclude: [a/1.png], path: a, split: { by: image, validation: 0.5 }", "")]
    [InlineData(
        "source: synthetic, exclude: [a/1.png], synthetic: {}, split: { by: image, validation: 0.5 }",
        "BH1019 data.exclude"
    )]
    [InlineData("source: folders, patient: { level: 2 }, path: a, split: { by: patient, validation: 0.5 }", "")]
    [InlineData(
        "source: folders, patient: { pattern: '^a/(b+)' }, path: a, split: { by: patient, validation: 0.5 }",
        ""
    )]
    [InlineData(
        "source: breakhis, patient: { level: 2 }, path: a, split: { by: patient, validation: 0.5 }",
        "BH1019 data.patient"
    )]
    [InlineData(
        "source: folders, patient: { level: 2 }, path: a, split: { by: root, validation: 0.5 }",
        "BH1019 data.split.by"
    )]
    [InlineData(
        "source: folders, patient: { pattern: '(' }, path: a, split: { by: patient, validation: 0.5 }",
        "BH1011 data.patient.pattern"
    )]
    [InlineData(
        "source: folders, patient: { pattern: '(a)\\1' }, path: a, split: { by: patient, validation: 0.5 }",
        "BH1011 data.patient.pattern"
    )]
    [InlineData("source: folders, magnifications: [], path: a, split: { by: image, validation: 0.5 }", "")]
    [InlineData("source: breakhis, magnifications: [40], path: a, split: { by: image, validation: 0.5 }", "")]
    public void Each_source_has_its_settings(string data, string problems) => Check(data, problems);

    [Theory]
    [InlineData("folders", "by: folders", "")]
    [InlineData("breakhis", "by: folders", "BH1019 data.split.by")]
    [InlineData("folders", "by: folders, validation: 0.5", "")]
    [InlineData("folders", "by: folders, folds: 3", "BH1019 data.split")]
    [InlineData("folders", "by: folders, fold: 3", "BH1019 data.split")]
    [InlineData("folders", "by: file, file: a.csv", "")]
    [InlineData("folders", "by: file, file: a.csv, fold: 3", "")]
    [InlineData("folders", "by: file, file: a.csv, fold: 0", "")]
    [InlineData("folders", "by: image, folds: 3, fold: 0", "BH1010 data.split.fold")]
    [InlineData("folders", "by: file, file: a.csv, folds: 3", "BH1019 data.split")]
    [InlineData("folders", "by: file, file: a.csv, validation: 0.5", "")]
    [InlineData("folders", "by: file", "BH1018 data.split.file")]
    [InlineData("folders", "by: image, validation: 0.5, file: a.csv", "BH1019 data.split.file")]
    [InlineData("folders", "by: folders, file: a.csv", "BH1019 data.split.file")]
    [InlineData("folders", "by: image, folds: 3, fold: 1", "")]
    [InlineData("folders", "by: image, folds: 3, fold: 3", "")]
    [InlineData("folders", "by: image, folds: 3, fold: 4", "BH1010 data.split.fold")]
    [InlineData("folders", "by: image", "BH1013 data.split")]
    [InlineData("folders", "by: image, folds: 3", "BH1013 data.split")]
    [InlineData("folders", "by: image, fold: 3", "BH1013 data.split")]
    [InlineData("folders", "by: image, validation: 0.5, fold: 3", "BH1013 data.split")]
    [InlineData("folders", "by: image, validation: 0.5, folds: 3", "BH1013 data.split")]
    public void Each_unit_has_its_settings(string source, string split, string problems) =>
        Check($"source: {source}, path: a, split: {{ {split} }}", problems);

    [Theory]
    [InlineData("backbone: inception_v3, weights: none", "input_size: 75", "Mixed_7b", "")]
    [InlineData(
        "backbone: inception_v3, weights: none",
        "input_size: 74",
        "Mixed_7b",
        "BH1020 stages.bottleneck.input_size"
    )]
    [InlineData(
        "backbone: inception_v3, weights: none",
        "",
        "Mixed_7b, input_size: 74",
        "BH1020 stages.fine_tune.input_size"
    )]
    [InlineData("backbone: inception_v3, weights: none", "", "Mixed_9", "BH1007 stages.fine_tune.train_from")]
    [InlineData("backbone: inception_v3, weights: none", "", "{ keras_layer: 310 }", "")]
    [InlineData(
        "backbone: inception_v3, weights: none",
        "",
        "{ keras_layer: 311 }",
        "BH1021 stages.fine_tune.train_from"
    )]
    [InlineData("backbone: resnet50, weights: none", "", "{ keras_layer: 0 }", "BH1021 stages.fine_tune.train_from")]
    [InlineData("backbone: resnet50, weights: imagnet", "", "layer4", "BH1009 model.weights")]
    [InlineData("backbone: resnet50, weights: imagenet", "", "layer4", "")]
    [InlineData("backbone: resnet50, weights: a.pth", "", "layer4", "")]
    [InlineData("backbone: resnet50, weights: /a", "", "layer4", "")]
    [InlineData("backbone: resnet50, weights: 'a\\b'", "", "layer4", "")]
    public void Each_backbone_has_its_sizes_and_blocks(
        string model,
        string bottleneck,
        string trainFrom,
        string problems
    ) => Check("source: folders, path: a, split: { by: folders }", problems, model, bottleneck, trainFrom);

    /// <summary>A rule on a faulty setting would only repeat the fault.</summary>
    [Theory]
    [InlineData("source: foldrs, split: { by: folders }", "BH1009 data.source")]
    [InlineData("source: breakhis, pth: a, split: { by: image, validation: 0.5 }", "BH1005 data.pth")]
    [InlineData("source: folders, path: a, split: { by: imge, fold: 9 }", "BH1009 data.split.by")]
    [InlineData("source: folders, path: a, split: { by: image, folds: x, fold: 9 }", "BH1008 data.split.folds")]
    [InlineData("source: folders, path: a, split: { by: image, folds: 3, fold: 0 }", "BH1010 data.split.fold")]
    [InlineData(
        "source: folders, path: a, magnifications: [41], split: { by: folders }",
        "BH1010 data.magnifications[0]"
    )]
    public void Rules_on_faulty_settings_are_skipped(string data, string problems) => Check(data, problems);

    private static void Check(
        string data,
        string problems,
        string model = "backbone: inception_v3",
        string bottleneck = "",
        string trainFrom = "Mixed_7b"
    )
    {
        IReadOnlyList<Problem> found = SpecTexts.Problems(
            $$"""
            name: a
            data: { {{data}} }
            model: { {{model}} }
            stages:
              bottleneck: { {{bottleneck}} }
              fine_tune: { train_from: {{trainFrom}} }
            """
        );

        Assert.Equal(
            problems,
            string.Join('\n', found.Select(problem => $"{problem.Code} {problem.Message.Split(':')[0]}"))
        );
    }
}
