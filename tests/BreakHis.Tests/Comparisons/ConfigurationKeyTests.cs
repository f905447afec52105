using BreakHis.Comparisons;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Tests.Plans;
using BreakHis.Tests.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Comparisons;

/// <summary>
/// A setting missing from the key would pool different experiments; one too many would set an experiment apart from its
/// other seeds. Therefore every setting of generated specs is changed, one at a time.
/// </summary>
public sealed class ConfigurationKeyTests
{
    /// <summary>The settings in which runs of one configuration may differ although they change the result.</summary>
    private static readonly string[] Repetitions = ["seeds", "threads", "data.split.seed", "data.split.fold"];

    /// <summary>Minimum number of specs to change; more if a setting has had no effect yet.</summary>
    private const int Specs = 10;

    [Fact]
    public void Every_setting_that_changes_the_fingerprint_changes_the_key_unless_it_repeats_the_experiment()
    {
        HashSet<string> moving = new(StringComparer.Ordinal);
        string[] demanded =
        [
            .. LeafChanges.Paths.Where(path => path is not ("name" or "about" or "margin")).Except(Places),
        ];
        for (int specs = 0; specs < Specs || (!moving.IsSupersetOf(demanded) && specs < 10 * Specs); specs++)
        {
            ExperimentSpec spec = SpecGen.Spec.Single();
            if (PlannedSpecs.Resolve(spec) is not { } plan)
            {
                continue;
            }

            foreach (LeafChange change in LeafChanges.Of(spec))
            {
                if (
                    change.IsAlone
                    && PlannedSpecs.Resolve(change.Spec) is { } other
                    && plan.Fingerprint != other.Fingerprint
                )
                {
                    moving.Add(change.Path);
                    // A run without folds is no other fold.
                    if (spec.Data.Split.Fold is null != change.Spec.Data.Split.Fold is null)
                    {
                        continue;
                    }

                    bool isRepetition = Repetitions.Contains(change.Path, StringComparer.Ordinal);
                    Assert.True(KeyOf(plan) == KeyOf(other) == isRepetition, $"{change.Path}: {KeyOf(other)}");
                }
            }
        }

        Assert.Equal([], demanded.Except(moving, StringComparer.Ordinal));
    }

    [Fact]
    public void A_split_file_counts_by_its_sides_and_one_with_folds_by_its_name()
    {
        Assert.Equal(Key("a.csv", "", "1"), Key("copy/b.csv", "", "1"));
        Assert.NotEqual(Key("a.csv", "", "1"), Key("a.csv", "", "2"));
        Assert.Equal(Key("a.csv", ",\"fold\":1", "1"), Key("copy/a.csv", ",\"fold\":2", "2"));
        Assert.Equal(Key("lists", ",\"fold\":1", "1"), Key("copy/lists/", ",\"fold\":1", "1"));
        Assert.NotEqual(Key("a.csv", ",\"fold\":1", "1"), Key("b.csv", ",\"fold\":1", "1"));

        static string Key(string file, string fold, string sides) =>
            ConfigurationKey.Of(
                $"{{\"data\":{{\"split\":{{\"by\":\"file\",\"file\":\"{file}\"{fold}}}}}}}",
                $"{{\"determining\":{{\"split\":\"{sides}\"}}}}"
            )!;
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("{}", "")]
    [InlineData("""{"data":{"split":{"by":"\ud800"}}}""", """{"determining":{}}""")]
    public void Unreadable_records_have_no_key(string spec, string plan) =>
        Assert.Null(ConfigurationKey.Of(spec, plan));

    private static IEnumerable<string> Places => ["data.path", "data.split.file", "model.weights", "model.weights.run"];

    private static string KeyOf(Plan plan) =>
        ConfigurationKey.Of(CanonicalForm.Of(plan.Spec), PlanJson.Of(plan).ToString())
        ?? throw new InvalidOperationException("no key");
}
