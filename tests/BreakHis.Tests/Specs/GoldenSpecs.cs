using System.Collections;
using System.Reflection;
using BreakHis.Specs;
using BreakHis.Specs.Shapes;
using Xunit;

namespace BreakHis.Tests.Specs;

/// <summary>
/// Specs that together use every record of a spec, with only the required settings: a later setting of any record has its
/// default in one of them.
/// </summary>
internal static class GoldenSpecs
{
    /// <summary>
    /// If a test of these hashes fails, runs of existing specs are no longer found in existing ledgers: do not change the
    /// hashes. A new member of a record needs <c>[CameLater]</c>, unless it is null by default.
    /// </summary>
    public static IReadOnlyDictionary<string, GoldenSpec> All { get; } =
        new Dictionary<string, GoldenSpec>(StringComparer.Ordinal)
        {
            ["AdamW, augmentation and preprocessing"] = new(
                """
                data: { source: breakhis, path: images, split: { by: patient, validation: 0.5 } }
                model: { backbone: resnet18_mlnet, weights: none, preprocessing: { mean: [0, 0, 0], std: [1, 1, 1] } }
                stages:
                  bottleneck: { optimizer: adamw, early_stopping: { patience: 2 } }
                  fine_tune: { train_from: stage4, augmentation: {}, optimizer: adamw }
                """,
                "8ca06f28ef55f603893451f70376bf4cd446238f78522806ff13435484c64f06",
                new(
                    "cf8dd447e7a26b96855ec504efa84f8773435d6eb533f7138bcd436a1959f094",
                    "8ea2393572911558929d46a7228a0ef3595f3c98a8dea2ded51360402ccd8009"
                )
            ),
            ["Adam and SGD in the other stage than by default"] = new(
                """
                data: { source: breakhis, path: images, split: { by: patient, validation: 0.5 } }
                model: { backbone: resnet18_mlnet }
                stages: { bottleneck: { optimizer: sgd }, fine_tune: { train_from: stage4, optimizer: adam } }
                """,
                "1e447e1ef87c5d7c4516d2e12e5c14b78a43db85cc2e4ef1876c911eb337cc3e",
                new(
                    "7f93501deacb6710c6f620d5fc8d9237cd6913618df99f0e2713fc663cd5e8f7",
                    "d8ac9e128a50c45e495274ba17a6c3c5eb8111f7def2c545d826f852225b4525"
                )
            ),
            ["synthetic tissue"] = new(
                """
                data: { source: synthetic, synthetic: {}, split: { by: patient, validation: 0.5 } }
                model: { backbone: resnet18_mlnet }
                stages: { bottleneck: {} }
                """,
                "c3ebc5c2899f8341c698a4bfa7514a8bcbb38a5b983297a9b6dd80f4e2848ef3",
                Plan: null
            ),
            ["a rule for patients, and test images"] = new(
                """
                data: { source: folders, path: images, patient: { level: 1 }, split: { by: folders, validation: 0.5 } }
                model: { backbone: resnet18_mlnet }
                stages: { bottleneck: {} }
                """,
                "aa5d77d023e2a1a0e1715db63ba6f3acbbe6c0f9bcf33bfb1aa4f265a04821f9",
                Plan: null
            ),
        };

    /// <summary>The names of the specs, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>The names of the specs whose plans have hashes too.</summary>
    public static TheoryData<string> Planned =>
        [.. All.Where(golden => golden.Value.Plan is not null).Select(golden => golden.Key)];

    /// <summary>Returns the records that a value consists of, except those of members that determine nothing.</summary>
    public static IEnumerable<Type> RecordsIn(object? value) =>
        value switch
        {
            null or string => [],
            IEnumerable items => items.Cast<object?>().SelectMany(RecordsIn),
            _ when IsRecord(value.GetType()) => MembersOf(value.GetType())
                .SelectMany(member => RecordsIn(member.GetValue(value)))
                .Prepend(value.GetType()),
            _ => [],
        };

    /// <summary>Returns the records that values of a type can consist of, in the same way.</summary>
    public static IReadOnlySet<Type> RecordsOf(Type type)
    {
        HashSet<Type> found = [];
        Add(type);
        return found;

        void Add(Type next)
        {
            Type plain = Nullable.GetUnderlyingType(next) ?? next;
            if (plain.IsGenericType)
            {
                Array.ForEach(plain.GetGenericArguments(), Add);
            }
            else if (IsRecord(plain) && (plain.IsAbstract || found.Add(plain)))
            {
                foreach (AlternativeAttribute alternative in plain.GetCustomAttributes<AlternativeAttribute>(false))
                {
                    Add(alternative.Type);
                }

                foreach (PropertyInfo member in plain.IsAbstract ? [] : MembersOf(plain))
                {
                    Add(member.PropertyType);
                }
            }
        }
    }

    private static IEnumerable<PropertyInfo> MembersOf(Type record) =>
        record
            .GetProperties()
            .Where(member => member.CanWrite && !member.IsDefined(typeof(DeterminesNothingAttribute)));

    private static bool IsRecord(Type type) =>
        type.IsClass && type.Assembly == typeof(ExperimentSpec).Assembly && type.GetMethod("<Clone>$") is not null;
}

/// <summary>A spec with its hashes, which never change.</summary>
/// <param name="Hash">The hash of its canonical form.</param>
/// <param name="Plan">
/// The hashes of its plan in <see cref="Plans.PlannedSpecs"/>; null if the images there depend on a record's text, to
/// which a later setting is added.
/// </param>
internal sealed record GoldenSpec(string Settings, string Hash, GoldenPlan? Plan)
{
    /// <summary>The spec as read from its file.</summary>
    public ExperimentSpec Spec => SpecTexts.Read($"name: golden\nseeds: [3]\n{Settings}\n");
}

/// <summary>The fingerprint of a plan and the key of its features.</summary>
internal sealed record GoldenPlan(string Fingerprint, string Features);
