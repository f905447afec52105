using Xunit;

namespace BreakHis.Tests.Specs.Schema;

/// <summary>Editor and reader agree on a spec, except for problems that only the reader can detect.</summary>
public sealed class SchemaAgreementTests
{
    [Fact]
    public void Both_accept_the_good_spec()
    {
        Assert.Empty(SpecTexts.Problems(SpecTexts.Good));
        Assert.True(SchemaDocument.Accepts(SpecTexts.Good));
    }

    [Theory]
    [InlineData("resize: nearest", "resize: bilinear")]
    [InlineData("threads: 2", "threads: 2.0")]
    [InlineData("threads: 2", "threads: 1e2")]
    [InlineData("early_stopping: { patience: 3 }", "early_stopping: null")]
    [InlineData("about: A good spec.", "about: ~")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: adamw")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: { sgd: {} }")]
    [InlineData("train_from: Mixed_7b", "train_from: { keras_layer: 172 }")]
    [InlineData("train_from: Mixed_7b", "train_from: { block: Mixed_7b }")]
    [InlineData("magnifications: [40, 100]", "magnifications: []")]
    [InlineData("dense: [1024]", "dense: []")]
    [InlineData("learning_rate: 0.001", "learning_rate: +1.e-3")]
    [InlineData("learning_rate: 0.001", "learning_rate: 1")]
    [InlineData("seeds: [1, 2]", "seeds: [9223372036854775807, -9223372036854775808]")]
    [InlineData("path: images", "path: ${HOME}/images")]
    [InlineData("name: good", "name: good\nmatrix: { stages.fine_tune.train_from.block: [Mixed_7a, Mixed_7b] }")]
    [InlineData("name: good", "name: good\nmatrix: null")]
    [InlineData("seeds: [1, 2]", "seeds: null")]
    public void Both_accept(string old, string replacement)
    {
        string yaml = SpecTexts.With(old, replacement);

        Assert.Empty(SpecTexts.Problems(yaml));
        Assert.True(SchemaDocument.Accepts(yaml));
    }

    [Theory]
    [InlineData("name: good", "", "BH1006")]
    [InlineData("name: good", "name: 12", "BH1008")]
    [InlineData("name: good", "name: [good]", "BH1008")]
    [InlineData("name: good", "name: a/b", "BH1011")]
    [InlineData("name: good", "name: ''", "BH1011")]
    [InlineData("name: good", "name: \"a\\n\"", "BH1011")]
    [InlineData("name: good", "name: ../up", "BH1011")]
    [InlineData("name: good", "nam: good", "BH1005")]
    [InlineData("about: A good spec.", "about: true", "BH1008")]
    [InlineData("about: A good spec.", "about: ${HOME}", "BH1017")]
    [InlineData("seeds: [1, 2]", "seeds: []", "BH1012")]
    [InlineData("seeds: [1, 2]", "seeds: 1", "BH1008")]
    [InlineData("seeds: [1, 2]", "seeds: [1, 1.0]", "BH1012")]
    [InlineData("seeds: [1, 2]", "seeds: [1, 1]", "BH1012")]
    [InlineData("seeds: [1, 2]", "seeds: ['1']", "BH1008")]
    [InlineData("seeds: [1, 2]", "seeds: [1.5]", "BH1008")]
    [InlineData("seeds: [1, 2]", "seeds: [9223372036854775808]", "BH1008")]
    [InlineData("seeds: [1, 2]", "seeds: [null]", "BH1008")]
    [InlineData("threads: 2", "threads: 0", "BH1010")]
    [InlineData("threads: 2", "threads: -1", "BH1010")]
    [InlineData("threads: 2", "threads: 257", "BH1010")]
    [InlineData("threads: 2", "threads: two", "BH1008")]
    [InlineData("threads: 2", "threads: '2'", "BH1008")]
    [InlineData("threads: 2", "threads: 2.5", "BH1008")]
    [InlineData("threads: 2", "threads: 0x2", "BH1008")]
    [InlineData("precision: float32", "precision: float16", "BH1009")]
    [InlineData("precision: float32", "precision: Float32", "BH1009")]
    [InlineData("precision: float32", "determinism: portabel", "BH1009")]
    [InlineData("source: breakhis", "source: brekhis", "BH1009")]
    [InlineData("source: breakhis", "source: {}", "BH1008")]
    [InlineData("path: images", "path: ' '", "BH1011")]
    [InlineData("path: images", "pth: images", "BH1005")]
    [InlineData("magnifications: [40, 100]", "magnifications: [50]", "BH1010")]
    [InlineData("magnifications: [40, 100]", "magnifications: [40, 40]", "BH1012")]
    [InlineData("magnifications: [40, 100]", "magnifications: 40", "BH1008")]
    [InlineData("validation: 0.2", "validation: 1", "BH1010")]
    [InlineData("validation: 0.2", "validation: 0", "BH1010")]
    [InlineData("validation: 0.2", "validation: .nan", "BH1008")]
    [InlineData("validation: 0.2", "validation: 20%", "BH1008")]
    [InlineData("by: patient, ", "", "BH1006")]
    [InlineData("by: patient", "by: patients", "BH1009")]
    [InlineData("backbone: inception_v3", "backbone: inception_v4", "BH1009")]
    [InlineData("backbone: inception_v3, ", "", "BH1006")]
    [InlineData("input_size: 299", "input_size: 0", "BH1010")]
    [InlineData("dense: [1024]", "dense: [0]", "BH1010")]
    [InlineData("dropout: 0.5", "dropout: 1", "BH1010")]
    [InlineData("dropout: 0.5", "dropout: -0.1", "BH1010")]
    [InlineData("learning_rate: 0.001", "learning_rate: 0", "BH1010")]
    [InlineData("learning_rate: 0.001", "learning_rate: .inf", "BH1008")]
    [InlineData("learning_rate: 0.001", "lr: 0.001", "BH1005")]
    [InlineData("adam: { learning_rate: 0.001 }", "", "BH1013")]
    [InlineData("adam: { learning_rate: 0.001 }", "adam: {}, sgd: {}", "BH1013")]
    [InlineData("adam: { learning_rate: 0.001 }", "adm: {}", "BH1005")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: newton", "BH1009")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: [adam]", "BH1008")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: { sgd: { beta1: 0.9 } }", "BH1005")]
    [InlineData("batch_size: 32", "batch_size: 0", "BH1010")]
    [InlineData("epochs: 20", "epochs: 0", "BH1010")]
    [InlineData("patience: 3", "patience: 0", "BH1010")]
    [InlineData("patience: 3", "monitor: validation_loss", "BH1006")]
    [InlineData("train_from: Mixed_7b", "train_from: 172", "BH1008")]
    [InlineData("train_from: Mixed_7b", "train_from: { keras_layer: -1 }", "BH1010")]
    [InlineData("train_from: Mixed_7b", "train_from: { keras_layer: 1, block: Mixed_7b }", "BH1013")]
    [InlineData("train_from: Mixed_7b", "train_from: {}", "BH1013")]
    [InlineData("train_from: Mixed_7b", "keep: best", "BH1006")]
    [InlineData("batch_norm: inference", "batch_norm: frozen", "BH1009")]
    [InlineData("rotation: 20", "rotation: 200", "BH1010")]
    [InlineData("horizontal_flip: true", "horizontal_flip: yes", "BH1008")]
    [InlineData("horizontal_flip: true", "horizontal_flip: 1", "BH1008")]
    [InlineData("name: good", "name: good\nmatrix: { threads: 1 }", "BH1016")]
    [InlineData("name: good", "name: good\nmatrix: { threads: [] }", "BH1016")]
    [InlineData("name: good", "name: good\nmatrix: { threads: [1, 1] }", "BH1016")]
    [InlineData("name: good", "name: good\nmatrix: { threads: [2, 2.0] }", "BH1016")]
    [InlineData("name: good", "name: good\nmatrix: { threads: [0] }", "BH1010")]
    [InlineData("name: good", "name: good\nmatrix: { thread: [1] }", "BH1016")]
    [InlineData("name: good", "name: good\nmatrix: { seeds: [[1], [2]] }", "BH1016")]
    [InlineData("name: good", "name: good\nextends: [a]", "BH1014")]
    [InlineData("name: good", "name: good\nextends: ''", "BH1014")]
    public void Both_reject(string old, string replacement, string code)
    {
        string yaml = SpecTexts.With(old, replacement);

        Assert.Contains(code, SpecTexts.Problems(yaml).Select(p => p.Code), StringComparer.Ordinal);
        Assert.False(SchemaDocument.Accepts(yaml));
    }

    [Theory]
    // Rules between settings.
    [InlineData("path: images", "", "BH1018")]
    [InlineData("source: breakhis", "source: synthetic", "BH1018")]
    [InlineData("source: breakhis", "source: synthetic", "BH1019")]
    [InlineData("path: images", "path: images\n  synthetic: {}", "BH1019")]
    [InlineData("source: breakhis", "source: folders", "BH1019")]
    [InlineData("by: patient", "by: folders", "BH1019")]
    [InlineData("validation: 0.2", "validation: 0.2, folds: 5, fold: 1", "BH1013")]
    [InlineData("validation: 0.2", "folds: 5", "BH1013")]
    [InlineData("validation: 0.2", "fold: 1", "BH1013")]
    [InlineData("validation: 0.2, ", "", "BH1013")]
    [InlineData("validation: 0.2", "folds: 5, fold: 6", "BH1010")]
    [InlineData("weights: imagenet", "weights: imagnet", "BH1009")]
    [InlineData("input_size: 299", "input_size: 74", "BH1020")]
    [InlineData("train_from: Mixed_7b", "train_from: Mixed_9z", "BH1007")]
    [InlineData("train_from: Mixed_7b", "train_from: { keras_layer: 311 }", "BH1021")]
    [InlineData("backbone: inception_v3", "backbone: resnet18_mlnet", "BH1007")]
    // A missing value, which JSON can only express as null.
    [InlineData("about: A good spec.", "about:", "BH1008")]
    // Octal in YAML 1.1, decimal in 1.2.
    [InlineData("threads: 2", "threads: 010", "BH1008")]
    // Zero as a double.
    [InlineData("rotation: 20", "rotation: 1e-999", "BH1008")]
    // Characters that only escapes in YAML can express.
    [InlineData("about: A good spec.", "about: \"\\0\"", "BH1011")]
    // The environment and the disk.
    [InlineData("path: images", "path: ${NO_SUCH_VARIABLE_HERE}/images", "BH1017")]
    [InlineData("path: images", "path: ${1}/images", "BH1017")]
    [InlineData("name: good", "name: good\nextends: no-such-file.yaml", "BH1014")]
    // Matrices with contradicting parts.
    [InlineData(
        "name: good",
        "name: good\nmatrix: { model: [{ backbone: inception_v3 }], model.backbone: [inception_v3] }",
        "BH1016"
    )]
    [InlineData("name: good", "name: good\nmatrix: { stages.fine_tune.train_from.keras_layer: [311] }", "BH1021")]
    [InlineData("name: good", "name: good\nname: good", "BH1004")]
    public void Only_the_reader_rejects(string old, string replacement, string code)
    {
        string yaml = SpecTexts.With(old, replacement);

        Assert.Contains(code, SpecTexts.Problems(yaml).Select(p => p.Code), StringComparer.Ordinal);
        Assert.True(SchemaDocument.Accepts(yaml));
    }
}
