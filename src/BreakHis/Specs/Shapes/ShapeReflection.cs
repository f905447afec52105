using System.Reflection;
using System.Text.RegularExpressions;
using BreakHis.Json;

namespace BreakHis.Specs.Shapes;

/// <summary>Derives shapes from the records of specs and plans and their attributes.</summary>
internal static class ShapeReflection
{
    /// <summary>The shape of a complete spec.</summary>
    public static RecordShape Spec { get; } = RecordOf(typeof(ExperimentSpec));

    /// <summary>Returns the shape of a record, without the members that determine nothing.</summary>
    /// <exception cref="NotSupportedException">The record has a member that would not be hashed.</exception>
    public static RecordShape RecordOf(Type type)
    {
        DemandNoHiddenMember(type);
        return ShapeOfRecord(type);
    }

    private static void DemandNoHiddenMember(Type type)
    {
        string[] members = [.. Properties(type).Select(p => $"<{p.Name}>k__BackingField")];
        FieldInfo? hidden = FieldsOf(type)
            .FirstOrDefault(field => !members.Contains(field.Name, StringComparer.Ordinal));
        if (hidden is not null)
        {
            throw new NotSupportedException($"{type.Name}.{hidden.Name}: only public properties with init are hashed");
        }
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Concat(type.BaseType is { } parent ? FieldsOf(parent) : []);

    private static RecordShape ShapeOfRecord(Type type) =>
        new(
            type,
            [
                .. Properties(type)
                    .Where(p => !p.IsDefined(typeof(DeterminesNothingAttribute)))
                    .Select(p => new ShapeMember(
                        Attribute<KeyAttribute>(p)?.Key ?? SnakeCase.Of(p.Name),
                        p,
                        ShapeOf(p),
                        IsRequired(p),
                        Before(p),
                        p.IsDefined(typeof(InlinedAttribute))
                    )),
            ]
        );

    /// <summary>The value of a member that came later which stands for its absence. Null is absent too, so null and such a
    /// value would have the same form.</summary>
    private static object? Before(PropertyInfo property) =>
        Attribute<CameLaterAttribute>(property)?.Before is not { } before ? null
        : IsNullable(property)
            ? throw new InvalidOperationException(
                $"{property.DeclaringType!.Name}.{property.Name} may be null, so it cannot have a value that stands for the old behaviour"
            )
        : before.GetType() != property.PropertyType
            ? throw new InvalidOperationException(
                $"{property.DeclaringType!.Name}.{property.Name} is never equal to the {before.GetType().Name} that stands for the old behaviour; write a {property.PropertyType.Name}, or let a list or a record be null"
            )
        : before;

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;

    // Members of the base type come first, then each type's in file order: MetadataToken increases within a type.
    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .OrderBy(p => p.DeclaringType == type)
            .ThenBy(p => p.MetadataToken);

    private static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));

    private static Shape ShapeOf(PropertyInfo property) => ShapeOf(property.PropertyType, property);

    private static Shape ShapeOf(Type type, PropertyInfo property)
    {
        Type clr = Nullable.GetUnderlyingType(type) ?? type;
        return clr switch
        {
            _ when clr == typeof(bool) => new TruthShape(),
            _ when clr == typeof(int) => WholeOf(clr, int.MinValue, int.MaxValue, property),
            _ when clr == typeof(long) => WholeOf(clr, long.MinValue, long.MaxValue, property),
            _ when clr == typeof(double) => new NumberShape(Attribute<NumbersAttribute>(property) ?? new()),
            _ when clr == typeof(string) => TextOf(property),
            _ when clr.IsEnum => new NameShape([
                .. Enum.GetNames(clr).Select(n => (SnakeCase.Of(n), Enum.Parse(clr, n))),
            ]),
            _ when clr.IsGenericType && clr.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => new ListShape(
                clr.GenericTypeArguments[0],
                ShapeOf(clr.GenericTypeArguments[0], property),
                Attribute<ItemsAttribute>(property) ?? new()
            ),
            _ when clr == typeof(IReadOnlyDictionary<string, string>) => new MapShape(),
            _ when clr.IsDefined(typeof(AlternativeAttribute), inherit: false) => ChoiceOfTypes(clr),
            _ when clr.IsDefined(typeof(ExactlyOneAttribute), inherit: false) => ChoiceOfMembers(clr),
            _ when Properties(clr).Any() => RecordOf(clr),
            _ => throw new NotSupportedException(
                $"{property.DeclaringType?.Name}.{property.Name}: values of type {clr.Name} have no form in specs and plans"
            ),
        };
    }

    private static WholeShape WholeOf(Type clr, long least, long most, PropertyInfo property)
    {
        NumbersAttribute limits = Attribute<NumbersAttribute>(property) ?? new();
        return new(
            clr,
            double.IsFinite(limits.AtLeast) ? (long)limits.AtLeast : least,
            double.IsFinite(limits.AtMost) ? (long)limits.AtMost : most,
            Attribute<AmongAttribute>(property)?.Values
        );
    }

    private static Shape TextOf(PropertyInfo property)
    {
        if (property.IsDefined(typeof(BackboneNameAttribute)))
        {
            return new NameShape([.. BackboneFacts.All.Select(b => (b.Name, (object)b.Name))]);
        }

        FormAttribute? form = Attribute<FormAttribute>(property);
        return new TextShape(
            form,
            form is null ? null : new Regex(form.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
            property.IsDefined(typeof(MayHoldVariablesAttribute))
        );
    }

    private static ChoiceShape ChoiceOfTypes(Type type) =>
        new(
            [
                .. type.GetCustomAttributes<AlternativeAttribute>(inherit: false)
                    .Select(a => new Alternative(
                        a.Key,
                        a.Type,
                        RecordOf(a.Type),
                        value => value,
                        value => a.Type.IsInstanceOfType(value) ? value : null
                    )),
            ],
            Plain: null
        );

    private static ChoiceShape ChoiceOfMembers(Type type)
    {
        DemandNoHiddenMember(type);
        Alternative[] members =
        [
            .. Properties(type)
                .Select(p => new Alternative(
                    SnakeCase.Of(p.Name),
                    p,
                    ShapeOf(p),
                    value => Make(type, p, value),
                    value => p.GetValue(value)
                )),
        ];
        bool firstIsPlain = type.GetCustomAttribute<ExactlyOneAttribute>()!.FirstIsPlain;
        return new ChoiceShape(firstIsPlain ? members[1..] : members, members[0]);
    }

    private static object Make(Type type, PropertyInfo property, object value)
    {
        object made = New(type);
        property.SetValue(made, value);
        return made;
    }

    /// <summary>
    /// Creates a record with its defaults. Members that came later have the value that applied before; other positional
    /// parameters get null or zero.
    /// </summary>
    public static object New(RecordShape shape)
    {
        object made = New(shape.Clr);
        foreach (ShapeMember member in shape.Members.Where(member => member.Before is not null))
        {
            member.Property.SetValue(made, member.Before);
        }

        return made;
    }

    private static object New(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().MinBy(c => c.GetParameters().Length)!;
        return constructor.Invoke(new object?[constructor.GetParameters().Length]);
    }

    private static T? Attribute<T>(PropertyInfo property)
        where T : Attribute => property.GetCustomAttribute<T>();
}
