using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Specs.Reading;
using Xunit;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>Parents, overrides and matrices.</summary>
public sealed class LayerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("specs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_child_overrides_its_parent()
    {
        Write("base/parent.yaml", SpecTexts.Good);
        string child = Write(
            "child.yaml",
            "extends: base/parent.yaml\nname: child\nseeds: [5]\nstages: { bottleneck: { head: { dropout: 0 } } }"
        );

        SpecVariant variant = Assert.Single(Read(child).Variants);

        Assert.Equal("child", variant.Spec.Name);
        Assert.Equal([5L], variant.Spec.Seeds);
        Assert.Equal(0, variant.Spec.Stages.Bottleneck!.Head.Dropout);
        Assert.Equal([1024], variant.Spec.Stages.Bottleneck!.Head.Dense);
        Assert.Equal(32, variant.Spec.Stages.Bottleneck!.BatchSize);
        Assert.Equal(Path.Combine(_folder, "base", "images"), variant.DataPath);
    }

    [Fact]
    public void Paths_are_relative_to_the_file_that_sets_them()
    {
        Write("base/parent.yaml", SpecTexts.Good);
        string child = Write("child.yaml", "extends: base/parent.yaml\nmodel: { weights: ./w.bin }");

        SpecVariant variant = Read(child).Variants[0];

        Assert.Equal(Path.Combine(_folder, "base", "images"), variant.DataPath);
        Assert.Equal(Path.Combine(_folder, "w.bin"), variant.WeightsPath);
        Assert.Equal("./w.bin", variant.Spec.Model.Weights.Given);
    }

    [Theory]
    [InlineData("optimizer: { sgd: {} }")]
    [InlineData("optimizer: sgd")]
    public void A_different_alternative_replaces_the_parents(string optimizer)
    {
        Write("parent.yaml", SpecTexts.Good);
        string child = Write(
            "child.yaml",
            $"extends: parent.yaml\nstages: {{ bottleneck: {{ {optimizer} }}, fine_tune: {{ train_from: {{ keras_layer: 3 }} }} }}"
        );

        StagesSpec stages = Read(child).Variants[0].Spec.Stages;

        Assert.Equal(new SgdSpec(), stages.Bottleneck!.Optimizer);
        Assert.Equal(new TrainFrom(null, 3), stages.FineTune!.TrainFrom);
    }

    [Fact]
    public void The_same_alternative_is_merged_with_the_parents()
    {
        Write("parent.yaml", SpecTexts.Good);
        string child = Write(
            "child.yaml",
            "extends: parent.yaml\nstages: { bottleneck: { optimizer: { adam: { beta1: 0.5 } } } }"
        );

        Assert.Equal(
            new AdamSpec { LearningRate = 0.001, Beta1 = 0.5 },
            Read(child).Variants[0].Spec.Stages.Bottleneck!.Optimizer
        );
    }

    [Fact]
    public void Null_removes_a_setting_of_the_parent()
    {
        Write("parent.yaml", SpecTexts.Good);
        string child = Write(
            "child.yaml",
            "extends: parent.yaml\nstages: { bottleneck: { early_stopping: null }, fine_tune: ~ }"
        );

        StagesSpec stages = Read(child).Variants[0].Spec.Stages;

        Assert.Null(stages.Bottleneck!.EarlyStopping);
        Assert.Null(stages.FineTune);
    }

    [Theory]
    [InlineData("data: { source: synthetic, synthetic: {} }", "child.yaml(2,17): error BH1019: data.path: ")]
    [InlineData("data: { path: null }", "child.yaml(2,15): error BH1018: data.path: ")]
    [InlineData("stages: { bottleneck: null, fine_tune: null }", "child.yaml(2,9): error BH1018: stages: ")]
    [InlineData("name: child", "parent.yaml(9,19): error BH1019: data.magnifications: ")]
    public void A_problem_between_settings_is_placed_in_the_file_that_causes_it(string change, string start)
    {
        Write(
            "parent.yaml",
            change == "name: child" ? SpecTexts.With("source: breakhis", "source: folders") : SpecTexts.Good
        );
        string child = Write("child.yaml", $"extends: parent.yaml\n{change}");

        Assert.Contains($"{_folder}/{start}", Messages(Read(child)), StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_keep_the_position_in_their_own_file()
    {
        Write("parent.yaml", SpecTexts.With("threads: 2", "threads: 0"));
        string child = Write("child.yaml", "extends: parent.yaml\nstages: { bottleneck: { epochs: 0 } }");

        Assert.Equal(
            $"{_folder}/child.yaml(2,33): error BH1010: stages.bottleneck.epochs: '0' is not an integer between 1 and 1000000"
                + "\n"
                + $"{_folder}/parent.yaml(4,10): error BH1010: threads: '0' is not an integer between 1 and 256",
            Messages(Read(child))
        );
    }

    [Fact]
    public void A_cycle_of_parents_is_a_problem()
    {
        string a = Write("a.yaml", "extends: b.yaml");
        Write("b.yaml", "extends: ./a.yaml");
        string self = Write("self.yaml", "extends: self.yaml");

        Assert.Equal(
            $"{_folder}/b.yaml(1,10): error BH1014: extends: './a.yaml' extends itself (cycle: a.yaml -> b.yaml -> a.yaml)",
            Messages(Read(a))
        );
        Assert.Equal("BH1014", Assert.Single(Read(self).Problems).Code);
    }

    [Fact]
    public void A_parent_in_the_home_folder_is_refused_by_name() =>
        Assert.Equal(
            $"{_folder}/child.yaml(1,10): error BH1014: extends: '~/base.yaml': ~ is not understood here; write the path in full, or relative to this file",
            Messages(Read(Write("child.yaml", "extends: ~/base.yaml")))
        );

    [Fact]
    public void A_missing_parent_is_a_problem_at_its_reference() =>
        Assert.Equal(
            $"{_folder}/a.yaml(2,10): error BH1014: extends: cannot use '{_folder}/no.yaml' as the parent: file not found",
            Messages(Read(Write("a.yaml", "name: a\nextends: no.yaml")))
        );

    [Fact]
    public void Overrides_take_precedence_over_the_file()
    {
        string path = Write("a.yaml", SpecTexts.Good);
        string[] sets =
        [
            "threads=1",
            "threads=3",
            "stages.bottleneck.optimizer.sgd.momentum=0.5",
            "stages.fine_tune.augmentation=null",
            "stages.fine_tune.early_stopping.patience=7",
            "data.split={by: image, folds: 3, fold: 2}",
            "data.path=other",
        ];

        SpecVariant variant = SpecReader.Read(path, sets, [4, 6]).Variants[1];

        Assert.Equal([6L], variant.Spec.Seeds);
        Assert.Equal(3, variant.Spec.Threads);
        Assert.Equal(new SgdSpec { Momentum = 0.5 }, variant.Spec.Stages.Bottleneck!.Optimizer);
        Assert.Null(variant.Spec.Stages.FineTune!.Augmentation);
        Assert.Equal(7, variant.Spec.Stages.FineTune.EarlyStopping!.Patience);
        Assert.Equal(
            new SplitSpec
            {
                By = SplitUnit.Image,
                Folds = 3,
                Fold = 2,
            },
            variant.Spec.Data.Split
        );
        Assert.Equal(Path.GetFullPath("other"), variant.DataPath);
    }

    [Theory]
    [InlineData(
        "threads",
        "--set threads(1,1): error BH1015: expected PATH=VALUE, for example stages.bottleneck.epochs=5"
    )]
    [InlineData("=1", "--set =1(1,1): error BH1015: expected PATH=VALUE, for example stages.bottleneck.epochs=5")]
    [InlineData(
        "a..b=1",
        "--set a..b=1(1,1): error BH1015: expected PATH=VALUE, for example stages.bottleneck.epochs=5"
    )]
    [InlineData("threads=", "--set threads=(1,1): error BH1015: no value after '='; use null to remove the key")]
    [InlineData("extends=b.yaml", "--set extends=b.yaml(1,1): error BH1015: extends can only be set in the file")]
    [InlineData(
        "threads=zero",
        "--set threads=zero(1,1): error BH1008: threads: 'zero' is not an integer between 1 and 256"
    )]
    [InlineData(
        "data.split.validation=2",
        "--set data.split.validation=2(1,1): error BH1010: data.split.validation: '2' is not a number above 0 and below 1"
    )]
    [InlineData(
        "thread=1",
        "--set thread=1(1,1): error BH1005: thread: unknown key; allowed keys: name, about, margin, seeds, threads, precision, determinism, data, model, stages, extends, matrix; did you mean 'threads'?"
    )]
    [InlineData(
        "name.x=1",
        "--set name.x=1(1,1): error BH1008: name: a mapping is not a name of letters, digits, '.', '_' and '-' that starts with a letter, digit or '_'"
    )]
    public void A_bad_override_is_a_problem_of_the_command_line(string set, string expected) =>
        Assert.Equal(expected, Messages(SpecReader.Read(Write("a.yaml", SpecTexts.Good), [set], null)));

    [Fact]
    public void An_override_selects_one_value_of_a_matrix()
    {
        string path = Write("a.yaml", SpecTexts.Good + "\nmatrix:\n  threads: [1, 2]\n  data.split.seed: [1, 2]\n");

        SpecFile file = SpecReader.Read(path, ["threads=8"], [1]);

        Assert.Equal([8, 8], file.Variants.Select(v => v.Spec.Threads));
        Assert.Equal([new MatrixChoice("data.split.seed", "1")], file.Variants[0].Choices);
    }

    [Fact]
    public void Only_null_itself_chooses_the_default()
    {
        string path = Write(
            "a.yaml",
            SpecTexts.Good + "\nmatrix:\n  data.path: ['null', images]\n  stages.fine_tune.epochs: [~, 2]\n"
        );

        SpecFile file = SpecReader.Read(path, [], [1]);

        Assert.Empty(file.Problems);
        Assert.Equal(
            ["'null' default", "'null' 2", "images default", "images 2"],
            file.Variants.Select(v => string.Join(' ', v.Choices.Select(choice => choice.InWords())))
        );
    }

    [Fact]
    public void A_matrix_is_bounded()
    {
        string path = Write("a.yaml", SpecTexts.Good + "\nmatrix:\n  threads: [1, 2]\n  data.split.seed: [1, 2]\n");
        string huge = string.Concat(
            new[]
            {
                "threads",
                "stages.bottleneck.epochs",
                "stages.fine_tune.epochs",
                "stages.bottleneck.batch_size",
            }.Select(p => $"\n  {p}: [{string.Join(',', Enumerable.Range(1, 200))}]")
        );

        Assert.Equal(
            "matrix: 1004 combinations and seeds give more than 1000 runs",
            Assert.Single(SpecReader.Read(path, [], [.. Enumerable.Range(1, 251)]).Problems).Message
        );
        Assert.Equal(1000, SpecReader.Read(path, [], [.. Enumerable.Range(1, 250)]).Variants.Count);
        Assert.Equal(
            "matrix: 1600000000 combinations give more than 1000 runs",
            Assert.Single(SpecTexts.Problems(SpecTexts.Good + "\nmatrix:" + huge)).Message
        );
    }

    [Fact]
    public void An_invalid_value_of_a_matrix_is_reported_once_at_its_position()
    {
        IReadOnlyList<Problem> problems = SpecTexts.Problems(
            SpecTexts.Good + "\nmatrix:\n  threads: [1, 0]\n  data.split.seed: [1, 2]\n"
        );

        Assert.Equal(
            "x.yaml(27,16): error BH1010: threads: '0' is not an integer between 1 and 256",
            Assert.Single(problems).ToString()
        );
    }

    [Theory]
    [InlineData("1..5", "1 2 3 4 5")]
    [InlineData("1,3,7", "1 3 7")]
    [InlineData("9,-2..1", "9 -2 -1 0 1")]
    [InlineData("9223372036854775806..9223372036854775807", "9223372036854775806 9223372036854775807")]
    public void Seeds_are_a_list_or_a_range(string text, string expected)
    {
        (IReadOnlyList<long>? seeds, Problem? problem) = SeedList.Parse(text);

        Assert.Null(problem);
        Assert.Equal(expected, string.Join(' ', seeds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("1..")]
    [InlineData("5..1")]
    [InlineData("1..2..3")]
    [InlineData("1,1")]
    [InlineData("1..1001")]
    [InlineData("-9223372036854775808..9223372036854775807")]
    [InlineData("1.5")]
    public void Malformed_seeds_are_a_problem(string text)
    {
        (IReadOnlyList<long>? seeds, Problem? problem) = SeedList.Parse(text);

        Assert.Empty(seeds);
        Assert.StartsWith($"--seeds {text}(1,1): error BH1015: ", problem!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch_norm", "batch_statistics")]
    [InlineData("keep", "last")]
    [InlineData("optimizer", "{ adam: {} }")]
    [InlineData("head", "{ dropout: 0.125 }")]
    [InlineData("batch_norm_momentum", "0.5")]
    [InlineData("start_from", "random")]
    public void Null_restores_the_default_of_a_setting_of_the_parent(string key, string given)
    {
        string parent = Write("parent.yaml", SpecTexts.With("batch_norm: inference", $"{key}: {given}"));
        string child = Write("child.yaml", $"extends: parent.yaml\nstages: {{ fine_tune: {{ {key}: null }} }}");
        System.Reflection.PropertyInfo property = typeof(FineTuneSpec)
            .GetProperties()
            .Single(p => BreakHis.Json.SnakeCase.Of(p.Name) == key);
        object? Value(SpecFile file)
        {
            Assert.Empty(file.Problems);
            return property.GetValue(file.Variants[0].Spec.Stages.FineTune);
        }

        object? theDefault = property.GetValue(new FineTuneSpec { TrainFrom = new TrainFrom("Mixed_7b", null) });
        Assert.NotEqual(theDefault, Value(Read(parent)));
        Assert.Equal(theDefault, Value(Read(child)));
        Assert.Equal(theDefault, Value(SpecReader.Read(parent, [$"stages.fine_tune.{key}=null"], null)));
    }

    [Fact]
    public void Null_for_a_required_setting_is_reported_at_its_position()
    {
        Write("parent.yaml", SpecTexts.Good);
        string child = Write("child.yaml", "extends: parent.yaml\nname: null");

        Problem problem = Assert.Single(Read(child).Problems);
        Assert.Equal((child, "BH1008", 2, 7), (problem.File, problem.Code, problem.Line, problem.Column));
    }

    private static SpecFile Read(string path) => SpecReader.Read(path, [], null);

    private static string Messages(SpecFile file) => string.Join('\n', file.Problems);

    private string Write(string name, string yaml)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, yaml);
        return path;
    }
}
