using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Testing;
using BreakHis.Tests.Specs.Schema;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>null means that a setting is not set, in any file, in a matrix and on the command line.</summary>
public sealed class NullTests : IDisposable
{
    private const string Data = "data: { source: breakhis, path: images, split: { by: patient, validation: 0.2 } }";
    private const string Model = "model: { backbone: inception_v3 }";
    private const string Bottleneck = "bottleneck: { batch_size: 8 }";
    private const string FineTune =
        "fine_tune: { start_from: random, train_from: Mixed_7b, optimizer: { sgd: { learning_rate: 0.1 } } }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FineTune, "stages.bottleneck.epochs")]
    [InlineData(FineTune, "stages.bottleneck.input_size")]
    [InlineData(FineTune, "stages.bottleneck.early_stopping.monitor")]
    [InlineData(FineTune, "stages.bottleneck")]
    [InlineData(FineTune, "stages.fine_tune.augmentation.fill")]
    [InlineData(FineTune, "stages.fine_tune.optimizer.adam.beta1")]
    [InlineData(FineTune, "stages.fine_tune.optimizer.sgd.momentum")]
    [InlineData(FineTune, "stages.fine_tune.early_stopping.monitor")]
    [InlineData(Bottleneck, "stages.fine_tune.keep")]
    [InlineData(Bottleneck, "stages.bottleneck.head.dropout")]
    [InlineData(Bottleneck, "stages.bottleneck.optimizer.sgd.momentum")]
    [InlineData(Bottleneck, "data.synthetic.width")]
    public void Removing_a_missing_setting_changes_nothing(string stages, string path)
    {
        string file = Write("a.yaml", Spec(stages));

        Assert.Equal(HashOf(Read(file)), HashOf(Read(file, $"{path}=null")));
    }

    [Theory]
    [InlineData(
        "fine_tune: { train_from: Mixed_7b, keep: null, batch_norm: ~ }",
        "fine_tune: { train_from: Mixed_7b }"
    )]
    [InlineData(
        "fine_tune: { train_from: Mixed_7b, augmentation: { rotation: 20, fill: null } }",
        "fine_tune: { train_from: Mixed_7b, augmentation: { rotation: 20 } }"
    )]
    [InlineData(
        "bottleneck: { optimizer: { adam: { beta1: null } } }",
        "bottleneck: { batch_size: 8, optimizer: adam }"
    )]
    [InlineData(
        "bottleneck: { early_stopping: { monitor: null, patience: 3 } }",
        "bottleneck: { batch_size: 8, early_stopping: { patience: 3 } }"
    )]
    [InlineData(
        "bottleneck: { head: { dense: [8], dropout: null } }",
        "bottleneck: { batch_size: 8, head: { dense: [8] } }"
    )]
    public void A_child_may_remove_a_setting_that_its_parent_lacks(string child, string same)
    {
        Write("parent.yaml", Spec(Bottleneck));
        string all = same.StartsWith("fine_tune", StringComparison.Ordinal) ? $"{Bottleneck}, {same}" : same;

        Assert.Equal(
            HashOf(Read(Write("same.yaml", Spec(all)))),
            HashOf(Read(Write("child.yaml", $"extends: parent.yaml\nstages: {{ {child} }}")))
        );
    }

    [Theory]
    [InlineData("threads: null")]
    [InlineData("seeds: ~")]
    [InlineData("matrix: null")]
    [InlineData("extends: null")]
    [InlineData("matrix: { stages.bottleneck.epochs: null }")]
    public void Null_in_a_file_without_parent_is_the_default(string line) =>
        Assert.Equal(
            HashOf(Read(Write("a.yaml", Spec(Bottleneck)))),
            HashOf(Read(Write("b.yaml", $"{Spec(Bottleneck)}\n{line}")))
        );

    [Theory]
    [InlineData("train_from: { block: null, keras_layer: 172 }", "train_from: { keras_layer: 172 }")]
    [InlineData(
        "optimizer: { sgd: null, adam: { learning_rate: 0.01 } }",
        "optimizer: { adam: { learning_rate: 0.01 } }"
    )]
    public void Null_removes_an_alternative(string child, string same)
    {
        Write("parent.yaml", Spec(FineTune));
        string Child(string setting) => $"extends: parent.yaml\nstages: {{ fine_tune: {{ {setting} }} }}";

        Assert.Equal(HashOf(Read(Write("b.yaml", Child(same)))), HashOf(Read(Write("a.yaml", Child(child)))));
    }

    /// <summary>An editor must accept what the tool accepts.</summary>
    [Theory]
    [InlineData("threads: null", true)]
    [InlineData("extends: ~", true)]
    [InlineData("seeds: null", true)]
    [InlineData("matrix: { stages.bottleneck.epochs: null }", true)]
    [InlineData("matrix: { stages.bottleneck.epochs: [null, 3] }", true)]
    [InlineData(
        "stages: { bottleneck: { head: null, keep: null, optimizer: { sgd: null, adam: { beta1: null } } } }",
        true
    )]
    [InlineData("stages: { fine_tune: { train_from: { block: null, keras_layer: 172 } } }", true)]
    [InlineData("stages: { fine_tune: { train_from: Mixed_7b, augmentation: { fill: null } } }", true)]
    [InlineData("stages: { fine_tune: { train_from: null } }", false)]
    [InlineData("model: { backbone: null }", false)]
    [InlineData("name: null", false)]
    public void The_schema_agrees(string line, bool accepted) =>
        Assert.Equal(
            accepted,
            SchemaDocument.Accepts(
                $"extends: parent.yaml\n{line}".Replace(
                    "extends: parent.yaml\nextends",
                    "extends",
                    StringComparison.Ordinal
                )
            )
        );

    [Fact]
    public void A_required_setting_cannot_be_null() =>
        Assert.Equal(
            "BH1008",
            ProblemOf(
                Read(Write("a.yaml", Spec(Bottleneck).Replace("name: a", "name: null", StringComparison.Ordinal)))
            )
        );

    [Fact]
    public void A_key_without_a_value_is_an_error_and_not_null() =>
        Assert.Equal("BH1008", ProblemOf(Read(Write("a.yaml", $"{Spec(Bottleneck)}\nthreads:"))));

    [Fact]
    public void A_child_removes_one_axis_of_the_matrix()
    {
        Write(
            "parent.yaml",
            $"{Spec(Bottleneck)}\nmatrix: {{ stages.bottleneck.epochs: [1, 2], stages.bottleneck.batch_size: [4, 8] }}"
        );
        SpecFile child = Read(Write("child.yaml", "extends: parent.yaml\nmatrix: { stages.bottleneck.epochs: null }"));

        Assert.Equal([4, 8], child.Variants.Select(v => v.Spec.Stages.Bottleneck!.BatchSize));
    }

    [Theory]
    [InlineData("stages.bottleneck.batch_size", "stages.bottleneck=null")]
    [InlineData("stages.bottleneck.batch_size", "stages=null")]
    [InlineData("stages.bottleneck.batch_size", "stages={ fine_tune: { start_from: random, train_from: Mixed_7b } }")]
    [InlineData("stages.bottleneck.early_stopping.patience", "stages.bottleneck.early_stopping=null")]
    public void A_matrix_does_not_restore_a_removed_setting(string axis, string set)
    {
        string file = Write("a.yaml", $"{Spec(Bottleneck)}\nmatrix: {{ {axis}: [4, 8] }}");

        Assert.Empty(Read(file).Problems);
        Assert.Contains("BH1016", Read(file, set).Problems.Select(problem => problem.Code));
    }

    [Fact]
    public void The_matrix_of_a_parent_does_not_restore_a_setting_removed_by_the_child()
    {
        Write(
            "parent.yaml",
            $"{Spec($"{Bottleneck}, {FineTune}")}\nmatrix: {{ stages.bottleneck.batch_size: [4, 8] }}"
        );

        Assert.Equal(
            "BH1016",
            ProblemOf(Read(Write("child.yaml", "extends: parent.yaml\nstages: { bottleneck: null }")))
        );
    }

    [Fact]
    public void One_setting_does_not_add_a_stage()
    {
        string file = Write("a.yaml", Spec(Bottleneck));
        string matrix = Write(
            "b.yaml",
            $"{Spec(Bottleneck)}\nmatrix: {{ stages.fine_tune.train_from: [Mixed_7b, Mixed_7c] }}"
        );

        Assert.Equal("BH1015", ProblemOf(Read(file, "stages.fine_tune.train_from=Mixed_7b")));
        Assert.Equal("BH1016", ProblemOf(Read(matrix)));
        Assert.Empty(Read(file, "stages.fine_tune={ train_from: Mixed_7b }").Problems);
        Assert.Empty(Read(file, "stages.bottleneck.early_stopping.patience=3").Problems);
    }

    private static string Spec(string stages) => $"name: a\n{Data}\n{Model}\nstages: {{ {stages} }}";

    private static SpecFile Read(string path, params string[] sets) => SpecReader.Read(path, sets, null);

    private static string HashOf(SpecFile file)
    {
        Assert.Empty(file.Problems);
        return CanonicalForm.HashOf(Assert.Single(file.Variants).Spec with { Name = "a" });
    }

    private static string ProblemOf(SpecFile file) => Assert.Single(file.Problems).Code;

    private string Write(string name, string yaml)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, yaml);
        return path;
    }
}
