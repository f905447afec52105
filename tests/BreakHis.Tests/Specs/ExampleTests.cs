using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using BreakHis.Tests.Specs.Schema;
using Xunit;

namespace BreakHis.Tests.Specs;

public sealed class ExampleTests
{
    private static readonly string Folder = SharedFolder.InRepository("tests/BreakHis.Tests/Specs/Examples");

    public static IEnumerable<TheoryDataRow<string>> All() =>
        new[] { Folder, SharedFolder.InRepository("experiments") }
            .SelectMany(f => Directory.EnumerateFiles(f, "*.yaml", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .Select(f => new TheoryDataRow<string>(Path.GetRelativePath(SharedFolder.InRepository("."), f)));

    [Theory]
    [MemberData(nameof(All))]
    public void Schema_and_reader_accept(string file)
    {
        string path = SharedFolder.InRepository(file);
        string yaml = File.ReadAllText(path);

        Assert.Empty(SpecReader.ReadText(yaml, path, [], null, _ => "/data").Problems);
        Assert.True(SchemaDocument.Accepts(yaml));
    }

    [Fact]
    public void The_example_is_read_with_its_parent_and_matrix()
    {
        SpecFile file = SpecReader.Read(Path.Combine(Folder, "question-fine-tune.yaml"), [], null);

        Assert.Empty(file.Problems);
        Assert.Equal(2, file.Variants.Count);
        SpecVariant variant = file.Variants[1];
        Assert.Equal([new MatrixChoice("stages.fine_tune.batch_norm", "inference")], variant.Choices);
        Assert.Equal(BatchNormMode.Inference, variant.Spec.Stages.FineTune!.BatchNorm);
        Assert.Equal(new TrainFrom(null, 172), variant.Spec.Stages.FineTune.TrainFrom);
        Assert.Equal(new SgdSpec { LearningRate = 0.0001, Momentum = 0.9 }, variant.Spec.Stages.FineTune.Optimizer);
        Assert.Equal(150, variant.Spec.Stages.Bottleneck!.Epochs);
        Assert.Equal(Path.GetFullPath(Path.Combine(Folder, "../data/BreaKHis_v1")), variant.DataPath);
        Assert.Null(variant.WeightsPath);
    }

    [Fact]
    public void Every_combination_and_seed_is_a_variant()
    {
        SpecFile file = SpecReader.Read(Path.Combine(Folder, "synthetic.yaml"), [], null);

        Assert.Equal(4 * 2 * 3, file.Variants.Count);
        Assert.Equal([1, 2, 3, 1], file.Variants.Take(4).Select(v => v.Spec.Seeds[0]));
        Assert.All(file.Variants, v => Assert.Single(v.Spec.Seeds));
        Assert.All(file.Variants, v => Assert.Equal("synthetic", v.Spec.Name));
        Assert.Equal(
            [new("data.split.fold", "1"), new("stages.bottleneck.optimizer", "{sgd: {momentum: 0.9}}")],
            file.Variants[3].Choices
        );
        Assert.Equal(new SgdSpec { Momentum = 0.9 }, file.Variants[3].Spec.Stages.Bottleneck!.Optimizer);
        Assert.Equal(
            24,
            file.Variants.Select(v => CanonicalForm.HashOf(v.Spec)).Distinct(StringComparer.Ordinal).Count()
        );
    }
}
