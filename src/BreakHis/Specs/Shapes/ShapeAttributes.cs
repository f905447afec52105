using System.Diagnostics.CodeAnalysis;

namespace BreakHis.Specs.Shapes;

// What the types alone do not say of the members of specs and plans. Reader, schema, messages and fingerprint take it from here.

/// <summary>The range of a number, or of the numbers of a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumbersAttribute : Attribute
{
    /// <summary>The smallest allowed value.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>The largest allowed value.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>The bound that must be exceeded.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The bound that must not be reached.</summary>
    public double Below { get; init; } = double.PositiveInfinity;
}

/// <summary>The only whole numbers allowed.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AmongAttribute(params long[] values) : Attribute
{
    public IReadOnlyList<long> Values { get; } = values;
}

/// <summary>How many items a list takes.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute : Attribute
{
    public int AtLeast { get; init; }

    public int AtMost { get; init; } = 1000;

    /// <summary>Whether each item may be there only once.</summary>
    public bool Distinct { get; init; }
}

/// <summary>The form of a text.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FormAttribute(
    [StringSyntax(StringSyntaxAttribute.Regex)] string pattern,
    string words,
    int longest = FormAttribute.AnyLength
) : Attribute
{
    internal const int AnyLength = 10_000;

    /// <summary>A regular expression that .NET and ECMAScript read alike: .NET's $ also matches before a last line break.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>The form in words, to follow "is not".</summary>
    public string Words { get; } = words;

    public int Longest { get; } = longest;
}

/// <summary>
/// A key that specs did not have from the first. Canonical forms leave it out where it has the value that all specs had
/// before it, so that their hashes stay.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CameLaterAttribute(object before) : Attribute
{
    /// <summary>The value, also the default.</summary>
    public object Before { get; } = before;
}

/// <summary>A path, in which <c>${VARIABLE}</c> stands for an environment variable.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayHoldVariablesAttribute : Attribute;

/// <summary>A text that names one of <see cref="BackboneFacts.All"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BackboneNameAttribute : Attribute;

/// <summary>A derived record and the key it is written under; the key alone stands for its defaults.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class AlternativeAttribute(string key, Type type) : Attribute
{
    public string Key { get; } = key;

    public Type Type { get; } = type;
}

/// <summary>A record of which exactly one member is given; a plain value stands for the first.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ExactlyOneAttribute : Attribute;

/// <summary>A member of a plan that does not move the result, and so does not enter the fingerprint.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeterminesNothingAttribute(string reason) : Attribute
{
    /// <summary>Why not.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A record whose members are written among those of the record that holds it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InlinedAttribute : Attribute;

/// <summary>The key of a member, where it is not the member's own name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
