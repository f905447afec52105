using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Tests.Specs.Reading;
using BreakHis.Tests.Specs.Schema;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Specs;

public sealed class CanonicalFormTests
{
    /// <summary>If this test fails, every recorded hash of a spec has changed: do not change the test.</summary>
    [Fact]
    public void The_bytes_are_golden()
    {
        ExperimentSpec spec = SpecTexts.Read(SpecTexts.With("seeds: [1, 2]", "seeds: [7]"));

        Assert.Equal(
            """{"about":"A good spec.","data":{"label":"subtype","magnifications":[40,100],"path":"images","source":"breakhis","split":{"by":"patient","seed":7,"validation":0.2}},"model":{"backbone":"inception_v3","weights":"imagenet"},"name":"good","precision":"float32","seeds":[7],"stages":{"bottleneck":{"batch_size":32,"early_stopping":{"monitor":"validation_accuracy","patience":3},"epochs":20,"head":{"dense":[1024],"dropout":0.5},"input_size":299,"keep":"best","optimizer":{"adam":{"beta1":0.9,"beta2":0.999,"epsilon":1e-8,"learning_rate":0.001,"weight_decay":0}},"resize":"nearest"},"fine_tune":{"augmentation":{"fill":"nearest","horizontal_flip":true,"rotation":20,"shear_radians":0,"vertical_flip":false,"zoom":0},"batch_norm":"inference","batch_norm_momentum":0.99,"head":{},"keep":"best","optimizer":{"sgd":{"learning_rate":0.0001,"momentum":0.9,"weight_decay":0}},"start_from":"bottleneck","train_from":{"block":"Mixed_7b"}}},"threads":2}""",
            CanonicalForm.Of(spec)
        );
        Assert.Equal("f4effe7d94d0520b356ed771f108bd997bebb49bfa3b1183d6a4e6f6b3d0e787", CanonicalForm.HashOf(spec));
    }

    [Theory]
    [MemberData(nameof(GoldenSpecs.Names), MemberType = typeof(GoldenSpecs))]
    public void The_hashes_of_all_records_are_golden(string name) =>
        Assert.Equal(GoldenSpecs.All[name].Hash, CanonicalForm.HashOf(GoldenSpecs.All[name].Spec));

    [Fact]
    public void The_golden_specs_have_every_record()
    {
        Assert.Equal(
            GoldenSpecs.RecordsOf(typeof(ExperimentSpec)).Select(type => type.Name).Order(StringComparer.Ordinal),
            GoldenSpecs
                .All.Values.SelectMany(golden => GoldenSpecs.RecordsIn(golden.Spec))
                .Select(type => type.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_later_key_is_in_the_bytes_only_if_it_differs_from_the_old_behaviour()
    {
        string Said(string with) =>
            CanonicalForm.Of(
                SpecTexts.Read(
                    SpecTexts.With("seeds: [1, 2]", "seeds: [7]").Replace("threads: 2", with, StringComparison.Ordinal)
                )
            );

        Assert.Equal(Said("threads: 2"), Said("threads: 2\ndeterminism: native"));
        Assert.Equal(
            Said("threads: 2").Replace("\"model\"", "\"determinism\":\"portable\",\"model\"", StringComparison.Ordinal),
            Said("threads: 2\ndeterminism: portable")
        );
    }

    [Fact]
    public void A_spec_is_read_back_from_its_canonical_form() =>
        SpecGen.Spec.Sample(spec =>
        {
            string canonical = CanonicalForm.Of(spec);
            Assert.Equal(canonical, CanonicalForm.Of(CanonicalForm.FromCanonical(canonical)));
        });

    [Fact]
    public void Order_comments_and_spelling_do_not_change_the_hash() =>
        Gen.Select(SpecGen.Spec, Gen.Int)
            .Sample(
                (spec, seed) =>
                {
                    string yaml = YamlSpelling.Of(CanonicalForm.Of(spec), seed);
                    SpecFile file = SpecTexts.File(yaml);
                    Assert.True(file.Problems.Count == 0, string.Join('\n', file.Problems) + "\n" + yaml);
                    Assert.Equal(CanonicalForm.Of(spec), CanonicalForm.Of(file.Variants.Single().Spec));
                    Assert.True(SchemaDocument.Accepts(yaml), yaml);
                }
            );

    [Fact]
    public void Any_changed_value_changes_the_hash()
    {
        HashSet<string> changed = new(StringComparer.Ordinal);
        for (int i = 0; i < 30; i++)
        {
            ExperimentSpec spec = SpecGen.Spec.Single();
            string hash = CanonicalForm.HashOf(spec);
            foreach (LeafChange change in LeafChanges.Of(spec))
            {
                Assert.False(hash == CanonicalForm.HashOf(change.Spec), change.Path);
                changed.Add(change.Path);
            }
        }

        Assert.Equal(LeafChanges.Paths.Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: adam")]
    [InlineData("optimizer: { adam: { learning_rate: 0.001 } }", "optimizer: { adam: {} }")]
    [InlineData("train_from: Mixed_7b", "train_from: { block: Mixed_7b }")]
    [InlineData("threads: 2", "")]
    [InlineData("epochs: 20", "epochs: 2e1")]
    [InlineData("validation: 0.2", "validation: 2e-1, folds: null, fold: ~")]
    public void Equivalent_spellings_have_the_same_hash(string old, string replacement) =>
        Assert.Equal(Hashes(SpecTexts.Good), Hashes(SpecTexts.With(old, replacement)));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"name\":")]
    [InlineData("{\"name\":\"a\",\"name\":\"a\"}")]
    public void Text_that_is_not_a_canonical_form_is_rejected(string json) =>
        Assert.Throws<FormatException>(() => CanonicalForm.FromCanonical(json));

    private static string Hashes(string yaml) =>
        string.Join('\n', SpecTexts.File(yaml).Variants.Select(v => CanonicalForm.HashOf(v.Spec)));
}
