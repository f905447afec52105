using System.Reflection;
using System.Text.RegularExpressions;
using BreakHis.Json;
using BreakHis.Wording;

namespace BreakHis.Specs.Shapes;

/// <summary>
/// The values that a place in a spec allows. Reader, canonical form and schema share this description.
/// </summary>
internal abstract record Shape
{
    /// <summary>The expected value in words, to follow "expected" or "is not".</summary>
    public abstract string Words { get; }

    /// <summary>Returns the shape under a key, or null if there is none.</summary>
    public virtual Shape? Under(string key) => null;
}

internal sealed record TruthShape : Shape
{
    public override string Words => "true or false";
}

/// <summary>An integer.</summary>
internal sealed record WholeShape(Type Clr, long AtLeast, long AtMost, IReadOnlyList<long>? Among) : Shape
{
    public override string Words =>
        Among is not null ? "one of " + string.Join(", ", Among.Select(Digits.Of))
        : AtMost < int.MaxValue ? $"an integer between {Digits.Of(AtLeast)} and {Digits.Of(AtMost)}"
        : AtLeast > int.MinValue ? $"an integer of at least {Digits.Of(AtLeast)}"
        : "a 64-bit integer";

    public bool Allows(long value) => Among is not null ? Among.Contains(value) : value >= AtLeast && value <= AtMost;
}

/// <summary>A finite number.</summary>
internal sealed record NumberShape(NumbersAttribute Limits) : Shape
{
    public override string Words =>
        double.IsFinite(Limits.AtLeast) && double.IsFinite(Limits.AtMost)
            ? $"a number between {CanonicalNumber.Of(Limits.AtLeast)} and {CanonicalNumber.Of(Limits.AtMost)}"
            : InParts;

    private string InParts =>
        "a number"
        + (double.IsFinite(Limits.AtLeast) ? $" of at least {CanonicalNumber.Of(Limits.AtLeast)}" : "")
        + (double.IsFinite(Limits.Above) ? $" above {CanonicalNumber.Of(Limits.Above)}" : "")
        + (HasLower && HasUpper ? " and" : "")
        + (double.IsFinite(Limits.AtMost) ? $" at most {CanonicalNumber.Of(Limits.AtMost)}" : "")
        + (double.IsFinite(Limits.Below) ? $" below {CanonicalNumber.Of(Limits.Below)}" : "");

    private bool HasLower => double.IsFinite(Limits.AtLeast) || double.IsFinite(Limits.Above);

    private bool HasUpper => double.IsFinite(Limits.AtMost) || double.IsFinite(Limits.Below);

    public bool Allows(double value) =>
        value >= Limits.AtLeast && value <= Limits.AtMost && value > Limits.Above && value < Limits.Below;
}

/// <summary>A text value.</summary>
/// <param name="Form">The required form, or null.</param>
/// <param name="Pattern">The form's compiled pattern.</param>
/// <param name="MayHoldVariables">Whether it may contain <c>${VARIABLE}</c>.</param>
internal sealed record TextShape(FormAttribute? Form, Regex? Pattern, bool MayHoldVariables) : Shape
{
    public override string Words => Form?.Words ?? "text";

    public int Longest => Form?.Longest ?? FormAttribute.AnyLength;
}

/// <summary>One of a list of names: an enum's members, or texts.</summary>
internal sealed record NameShape(IReadOnlyList<(string Name, object Value)> Names) : Shape
{
    public override string Words => (Names.Count > 1 ? "one of " : "") + string.Join(", ", Names.Select(n => n.Name));
}

internal sealed record ListShape(Type ItemClr, Shape Item, ItemsAttribute Limits) : Shape
{
    public override string Words => $"a list (each item: {Item.Words})";
}

/// <summary>A mapping of arbitrary keys to texts.</summary>
internal sealed record MapShape : Shape
{
    public override string Words => "a mapping of names to text";
}

/// <summary>A mapping with the keys of a record.</summary>
internal sealed record RecordShape(Type Clr, IReadOnlyList<ShapeMember> Members) : Shape
{
    public override string Words => $"a mapping ({string.Join(", ", Members.Select(m => m.Key))})";

    public override Shape? Under(string key) => Members.FirstOrDefault(m => m.Key == key)?.Shape;
}

/// <summary>A member of a record.</summary>
/// <param name="Key">The key in YAML.</param>
/// <param name="Property">The property that stores it.</param>
/// <param name="Before">The value that canonical forms omit (see <see cref="CameLaterAttribute"/>), or null.</param>
/// <param name="IsInlined">Whether its members are written in its place.</param>
internal sealed record ShapeMember(
    string Key,
    PropertyInfo Property,
    Shape Shape,
    bool IsRequired,
    object? Before,
    bool IsInlined
);

/// <summary>A mapping with exactly one key, or a plain value.</summary>
/// <param name="Alternatives">The allowed keys and their values.</param>
/// <param name="Plain">The alternative that a plain value is: one of the allowed keys, or one that has no key of its own;
/// null if a plain value is a key without settings.</param>
internal sealed record ChoiceShape(IReadOnlyList<Alternative> Alternatives, Alternative? Plain) : Shape
{
    public override string Words =>
        Plain is null ? $"one of {string.Join(", ", Alternatives.Select(a => a.Key))}"
        : HasKey(Plain) ? $"one of {string.Join(", ", Alternatives.Select(Mapping))}, or just the {Plain.Key}"
        : $"{Plain.Shape.Words}, or {string.Join(", ", Alternatives.Select(Mapping))}";

    public override Shape? Under(string key) => Alternatives.FirstOrDefault(a => a.Key == key)?.Shape;

    /// <summary>The alternative that is always written as a plain value, or null.</summary>
    public Alternative? AlwaysPlain => Plain is null || HasKey(Plain) ? null : Plain;

    private bool HasKey(Alternative alternative) => Alternatives.Contains(alternative);

    private static string Mapping(Alternative alternative) => $"{{ {alternative.Key}: ... }}";
}

/// <summary>One alternative of a choice.</summary>
/// <param name="Member">The property or the record that provides its description.</param>
/// <param name="Make">Creates the choice's value from the value under the key.</param>
/// <param name="Take">Returns the value under the key, or null if the choice has a different alternative.</param>
internal sealed record Alternative(
    string Key,
    MemberInfo Member,
    Shape Shape,
    Func<object, object> Make,
    Func<object, object?> Take
);
