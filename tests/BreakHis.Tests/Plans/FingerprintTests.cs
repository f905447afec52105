using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using BreakHis.Data;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Specs.Shapes;
using BreakHis.Tests.Specs;
using CsCheck;
using Xunit;

namespace BreakHis.Tests.Plans;

/// <summary>
/// Whoever adds a setting and forgets the fingerprint makes another experiment "already in the ledger". So every setting
/// of generated specs is changed, one at a time.
/// </summary>
public sealed class FingerprintTests
{
    /// <summary>The settings that determine nothing.</summary>
    private static readonly Dictionary<string, string> DetermineNothing = new(StringComparer.Ordinal)
    {
        ["name"] = "a name",
        ["about"] = "a text for people",
        ["data.path"] = "a place; the images' contents and relative paths are hashed",
        ["data.split.file"] = "a place; the sides it gives are hashed",
        ["model.weights"] = "a place; the weights' contents are hashed",
    };

    /// <summary>Specs to change at least; more where some setting has moved nothing yet.</summary>
    private const int Specs = 10;

    private static readonly MachineFacts Machine = new(
        "cpu",
        new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "2.10.0.0" }
    );

    [Fact]
    public void Every_setting_moves_the_fingerprint_or_leaves_the_plan_or_is_listed()
    {
        HashSet<string> moving = new(StringComparer.Ordinal);
        HashSet<string> changed = new(StringComparer.Ordinal);
        string[] demanded = [.. LeafChanges.Paths.Except(DetermineNothing.Keys, StringComparer.Ordinal)];
        for (int specs = 0; specs < Specs || (!moving.IsSupersetOf(demanded) && specs < 10 * Specs); specs++)
        {
            ExperimentSpec spec = SpecGen.Spec.Single();
            if (Resolve(spec) is { } plan)
            {
                foreach (LeafChange change in LeafChanges.Of(spec))
                {
                    if (Resolve(change.Spec) is { } other)
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

    [Fact]
    public void What_is_not_of_the_spec_moves_it_too()
    {
        ExperimentSpec spec = SpecTexts.Read(SpecTexts.With("seeds: [1, 2]", "seeds: [7]"));
        string[] fingerprints =
        [
            Resolve(spec)!.Fingerprint,
            Resolve(spec, weights: "other")!.Fingerprint,
            Resolve(spec, machine: Machine with { Device = "cuda" })!.Fingerprint,
            Resolve(
                spec,
                machine: new("cpu", new Dictionary<string, string>(StringComparer.Ordinal) { ["libtorch"] = "3" })
            )!.Fingerprint,
            Resolve(spec, content: "other")!.Fingerprint,
        ];

        Assert.Equal(fingerprints.Length, fingerprints.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Each_member_of_a_plan_that_determines_nothing_says_why()
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

    /// <summary>The plan of a spec, or null where the spec cannot be planned.</summary>
    private static Plan? Resolve(
        ExperimentSpec spec,
        string weights = "weights",
        MachineFacts? machine = null,
        string content = ""
    )
    {
        try
        {
            return PlanResolution.Resolve(
                new SpecVariant(spec, [], null, null),
                "a.yaml",
                Images(spec.Data, content),
                new WeightsPlan($"/{spec.Model.Weights}", Hash(weights), "made up"),
                machine ?? Machine
            );
        }
        catch (DataException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Neither a share nor folds: a rule between settings refuses that before it is planned.
            return null;
        }
    }

    /// <summary>Images as a source would list them: drawn ones have the content that their settings give.</summary>
    private static Catalogue Images(DataSpec data, string content)
    {
        string drawn = data.Source == DataSource.Synthetic ? $"{data.Synthetic}" : content;
        IReadOnlyList<int> magnifications = data.Magnifications.Count == 0 ? [40, 100, 200, 400] : data.Magnifications;
        return new Catalogue(
            [
                .. from subtype in (string[])["adenosis", "ductal_carcinoma", "fibroadenoma"]
                from patient in Enumerable.Range(0, 4)
                from magnification in magnifications.Order()
                let path = $"{subtype}/{patient}{"AB"[patient % 2]}/{magnification}/1.png"
                select new CatalogueImage(
                    path,
                    Hash($"{data.Source} {drawn} {path}"),
                    subtype,
                    subtype == "ductal_carcinoma",
                    $"14-{subtype.Length}{patient / 2}{"AB"[patient % 2]}",
                    magnification,
                    Hash($"{data.Split.Fold} {path}")[0] < '8'
                ),
            ],
            data.Path
        );
    }

    /// <summary>All that a plan says but its spec and hashes, member by member.</summary>
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

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
