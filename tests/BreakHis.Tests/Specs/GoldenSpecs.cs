using System.Collections;
using System.Reflection;
using BreakHis.Specs;
using BreakHis.Specs.Shapes;

namespace BreakHis.Tests.Specs;

/// <summary>
/// Specs that together use every record of a spec, with only the required settings: a later setting of any record has its
/// default in one of them.
/// </summary>
internal static class GoldenSpecs
{
    private const string Head = "name: golden\nseeds: [3]\n";

    /// <summary>AdamW, augmentation and preprocessing.</summary>
    public const string Adamw =
        Head
        + "data: { source: breakhis, path: images, split: { by: patient, validation: 0.5 } }\n"
        + "model: { backbone: resnet18_mlnet, weights: none, preprocessing: { mean: [0, 0, 0], std: [1, 1, 1] } }\n"
        + "stages: { bottleneck: { optimizer: adamw, early_stopping: { patience: 2 } }, "
        + "fine_tune: { train_from: stage4, augmentation: {}, optimizer: adamw } }\n";

    /// <summary>Adam and SGD in the other stage than by default.</summary>
    public const string Swapped =
        Head
        + "data: { source: breakhis, path: images, split: { by: patient, validation: 0.5 } }\n"
        + "model: { backbone: resnet18_mlnet }\n"
        + "stages: { bottleneck: { optimizer: sgd }, fine_tune: { train_from: stage4, optimizer: adam } }\n";

    /// <summary>Synthetic tissue.</summary>
    public const string Synthetic =
        Head
        + "data: { source: synthetic, synthetic: {}, split: { by: patient, validation: 0.5 } }\n"
        + "model: { backbone: resnet18_mlnet }\n"
        + "stages: { bottleneck: {} }\n";

    /// <summary>A rule for patients, and test images.</summary>
    public const string Patient =
        Head
        + "data: { source: folders, path: images, patient: { level: 1 }, split: { by: folders, validation: 0.5 } }\n"
        + "model: { backbone: resnet18_mlnet }\n"
        + "stages: { bottleneck: {} }\n";

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
