using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Shapes;
using BreakHis.Tests.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Plans;

/// <summary>
/// A setting missing from the fingerprint would make a different experiment count as "already in the ledger". Therefore
/// every setting of generated specs is changed, one at a time.
/// </summary>
public sealed class FingerprintTests
{
    /// <summary>The settings that determine nothing.</summary>
    private static readonly Dictionary<string, string> DetermineNothing = new(StringComparer.Ordinal)
    {
        ["name"] = "a name",
        ["about"] = "a text for people",
        ["margin"] = "for comparisons of finished runs",
        ["data.path"] = "a place; the images' contents and relative paths are hashed",
        ["data.split.file"] = "a place; the sides it gives are hashed",
        ["model.weights"] = "a place; the weights' contents are hashed",
        ["model.weights.run"] = "a name; the weights' contents are hashed",
    };

    /// <summary>The facts outside the spec that determine nothing by themselves.</summary>
    private static readonly Dictionary<string, string> FactsThatDetermineNothing = new(StringComparer.Ordinal)
    {
        ["Catalogue.Folder"] = "a place; the images' contents and relative paths are hashed",
        ["Catalogue.Images"] = "each member of an image is changed",
        ["Catalogue.LeftOut"] = "not used",
        ["Catalogue.SplitFile"] = "a place; the sides it gives are hashed",
        ["CatalogueImage.IsUnread"] = "its hash is then a text that no image has",
        ["CatalogueImage.Magnification"] = "data.magnifications has chosen the images",
        ["MachineFacts.RemovedVariables"] = "nothing reads them",
        ["WeightsPlan.Given"] = "model.preprocessing replaces it",
    };

    /// <summary>Specs of which at least one uses each fact.</summary>
    private static readonly ExperimentSpec[] SpecsOfFacts =
    [
        SpecTexts.Read(SpecTexts.With("seeds: [1, 2]", "seeds: [7]")),
        SpecTexts.Read(
            SpecTexts
                .With("seeds: [1, 2]", "seeds: [7]")
                .Replace("label: subtype", "label: malignancy", StringComparison.Ordinal)
        ),
        SpecTexts.Read(
            "name: facts\nseeds: [3]\n"
                + "data: { source: folders, path: images, patient: { level: 1 }, split: { by: folders } }\n"
                + "model: { backbone: resnet18_mlnet }\nstages: { bottleneck: {} }\n"
        ),
    ];

    /// <summary>Minimum number of specs to change; more if a setting has had no effect yet.</summary>
    private const int Specs = 10;

    /// <summary>
    /// A computed member is not part of the fingerprint. If it could depend on something that determines nothing, such as
    /// the spec's description, a stage that uses it would change bits under the same fingerprint.
    /// </summary>
    [Fact]
    public void Plans_have_no_computed_members()
    {
        string[] computed =
        [
            .. from type in typeof(Plan).Assembly.GetTypes()
            where type.Namespace == typeof(Plan).Namespace && type.GetMethod("<Clone>$") is not null
            from member in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            where !member.CanWrite && member.Name != "EqualityContract"
            select $"{type.Name}.{member.Name}",
        ];

        Assert.Equal(["Plan.Stages"], computed);
    }

    /// <summary>A method could compute from what is not hashed.</summary>
    [Fact]
    public void Plans_have_no_methods() =>
        Assert.Equal(
            [],
            from type in typeof(Plan).Assembly.GetTypes()
            where type.Namespace == typeof(Plan).Namespace && type.GetMethod("<Clone>$") is not null
            from method in type.GetMethods(
                BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly
            )
            where !method.IsDefined(typeof(CompilerGeneratedAttribute)) && !method.IsSpecialName
            select $"{type.Name}.{method.Name}"
        );

    [Fact]
    public void Every_setting_changes_the_fingerprint_or_leaves_the_plan_unchanged_or_is_listed()
    {
        HashSet<string> moving = new(StringComparer.Ordinal);
        HashSet<string> changed = new(StringComparer.Ordinal);
        string[] demanded = [.. LeafChanges.Paths.Except(DetermineNothing.Keys, StringComparer.Ordinal)];
        for (int specs = 0; specs < Specs || (!moving.IsSupersetOf(demanded) && specs < 10 * Specs); specs++)
        {
            ExperimentSpec spec = SpecGen.Spec.Single();
            if (PlannedSpecs.Resolve(spec) is { } plan)
            {
                foreach (LeafChange change in LeafChanges.Of(spec))
                {
                    if (PlannedSpecs.Resolve(change.Spec) is { } other)
                    {
                        changed.Add(change.Path);
                        if (Moves(change.Path, plan, other) && change.IsAlone)
                        {
                            moving.Add(change.Path);
                        }
                    }
                }
            }
        }

        Assert.Equal(LeafChanges.Paths.Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));
        Assert.Equal(demanded.Order(StringComparer.Ordinal), moving.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// If this test fails, a run of an existing spec is no longer found in existing ledgers: do not change the test. A
    /// new member of a plan needs <c>[CameLater]</c>.
    /// </summary>
    [Theory]
    [InlineData("stages: { bottleneck: {} }", "fbf9cf2a4459a9d8838e7f923688f4d7c554581f44566681ba26dc8e3a44098d")]
    [InlineData(
        "stages: { bottleneck: {}, fine_tune: { train_from: stage4 } }",
        "d969f588acc0677781bec9e4990307d6e8e0a961d091012427750e4d554630ea"
    )]
    [InlineData(
        "stages: { fine_tune: { train_from: stage3, start_from: random, batch_norm: batch_statistics, "
            + "optimizer: { sgd: { learning_rate: 0.01, momentum: 0.5 } }, augmentation: { rotation: 10 }, "
            + "early_stopping: { patience: 2 } } }",
        "335504cdc97120c0b8040508e2060e3320f1fc8d204d21178ff5023894feb0dd"
    )]
    public void Fingerprints_are_golden(string stages, string fingerprint)
    {
        ExperimentSpec spec = SpecTexts.Read(
            "name: golden\nseeds: [3]\ndata: { source: breakhis, path: images, split: { by: patient, folds: 3, fold: 1 } }\n"
                + $"model: {{ backbone: resnet18_mlnet }}\n{stages}\n"
        );

        Assert.Equal(fingerprint, PlannedSpecs.Resolve(spec)!.Fingerprint);
    }

    [Theory]
    [MemberData(nameof(GoldenSpecs.Planned), MemberType = typeof(GoldenSpecs))]
    public void Fingerprints_and_feature_keys_of_all_records_are_golden(string name)
    {
        GoldenSpec golden = GoldenSpecs.All[name];
        Plan plan = PlannedSpecs.Resolve(golden.Spec)!;

        Assert.Equal(golden.Plan, new GoldenPlan(plan.Fingerprint, plan.Bottleneck!.Features.Key));
    }

    [Fact]
    public void The_golden_plans_have_every_record()
    {
        Plan[] plans =
        [
            .. GoldenSpecs
                .All.Values.Where(golden => golden.Plan is not null)
                .Select(golden => PlannedSpecs.Resolve(golden.Spec)!),
        ];

        Assert.Equal(
            GoldenSpecs
                .RecordsOf(typeof(Plan))
                .Union(GoldenSpecs.RecordsOf(typeof(FeaturesPlan)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            plans
                .SelectMany(plan =>
                    GoldenSpecs.RecordsIn(plan).Concat(GoldenSpecs.RecordsIn(plan.Bottleneck!.Features))
                )
                .Select(type => type.Name)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );
    }

    /// <summary>A new member of the facts must change the fingerprint of one of these specs, or be listed.</summary>
    [Fact]
    public void Every_fact_outside_the_spec_changes_it_or_is_listed()
    {
        HashSet<string> moving = new(StringComparer.Ordinal);
        foreach (ExperimentSpec spec in SpecsOfFacts)
        {
            PlannedFacts facts = PlannedSpecs.Facts(spec);
            string fingerprint = PlannedSpecs.Resolve(spec, facts)!.Fingerprint;
            foreach ((string member, PlannedFacts changed) in facts.Changes(except: FactsThatDetermineNothing.Keys))
            {
                if (PlannedSpecs.Resolve(spec, changed) is { } other && other.Fingerprint != fingerprint)
                {
                    moving.Add(member);
                }
            }
        }

        Assert.Equal(
            PlannedFacts.Members.Except(FactsThatDetermineNothing.Keys).Order(StringComparer.Ordinal),
            moving.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Each_plan_member_that_determines_nothing_has_a_reason()
    {
        PropertyInfo[] marked =
        [
            .. typeof(Plan)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetProperties())
                .Where(property => property.IsDefined(typeof(DeterminesNothingAttribute))),
        ];

        Assert.NotEmpty(marked);
        Assert.All(
            marked,
            property => Assert.NotEmpty(property.GetCustomAttribute<DeterminesNothingAttribute>()!.Reason)
        );
    }

    private static bool Moves(string path, Plan plan, Plan other)
    {
        bool moves = plan.Fingerprint != other.Fingerprint;
        bool isListed = DetermineNothing.ContainsKey(path);
        Assert.False(moves && isListed, $"{path} is said to determine nothing, and moves the fingerprint");
        Assert.True(
            moves || isListed || Resolved(plan) == Resolved(other),
            $"{path} changes the plan, and not its fingerprint"
        );
        return moves;
    }

    /// <summary>The content of a plan without its spec and hashes, member by member.</summary>
    private static string Resolved(Plan plan)
    {
        var text = new StringBuilder();
        Write(text, plan with { Spec = null!, SpecHash = "", Fingerprint = "" });
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value)
    {
        if (value is null or string or Enum or IConvertible)
        {
            text.Append(value).Append(';');
        }
        else if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                Write(text, item);
            }
        }
        else
        {
            foreach (PropertyInfo member in value.GetType().GetProperties().Where(p => p.CanWrite))
            {
                text.Append(member.Name).Append('=');
                Write(text, member.GetValue(value));
            }
        }
    }
}
