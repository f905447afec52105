using System.Diagnostics.CodeAnalysis;

namespace BreakHis.Specs.Shapes;

// Facts about members of specs and plans that their types do not express. Reader, schema, messages and fingerprint all
// use them.

/// <summary>The range of a number, or of the numbers in a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumbersAttribute : Attribute
{
    /// <summary>The smallest allowed value.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>The largest allowed value.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>The exclusive lower bound.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>The exclusive upper bound.</summary>
    public double Below { get; init; } = double.PositiveInfinity;
}

/// <summary>The allowed integers.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AmongAttribute(params long[] values) : Attribute
{
    public IReadOnlyList<long> Values { get; } = values;
}

/// <summary>The number of items that a list may have.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ItemsAttribute : Attribute
{
    public int AtLeast { get; init; }

    public int AtMost { get; init; } = 1000;

    /// <summary>Whether the items must be distinct.</summary>
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

    /// <summary>
    /// A regular expression with the same meaning in .NET and ECMAScript; in .NET, $ also matches before a final line
    /// break.
    /// </summary>
    public string Pattern { get; } = pattern;

    /// <summary>The form in words, to follow "expected" or "is not".</summary>
    public string Words { get; } = words;

    public int Longest { get; } = longest;
}

/// <summary>
/// Marks a key that was added later. Canonical forms omit the key if it has the value that applied before, so that the
/// hashes of older specs do not change.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CameLaterAttribute(object before) : Attribute
{
    /// <summary>The earlier value, which is also the default.</summary>
    public object Before { get; } = before;
}

/// <summary>Marks a path that may contain environment variables, written <c>${VARIABLE}</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class MayHoldVariablesAttribute : Attribute;

/// <summary>Marks the name of one of <see cref="BackboneFacts.All"/>.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class BackboneNameAttribute : Attribute;

/// <summary>A derived record and its key; the key without settings means its defaults.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class AlternativeAttribute(string key, Type type) : Attribute
{
    public string Key { get; } = key;

    public Type Type { get; } = type;
}

/// <summary>Marks a record with exactly one member set; a plain value sets the first member.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ExactlyOneAttribute : Attribute
{
    /// <summary>Whether the first member is always written as a plain value, and so has no key.</summary>
    public bool FirstIsPlain { get; init; }
}

/// <summary>Marks a member of a plan that does not affect the result and so is not part of the fingerprint.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeterminesNothingAttribute(string reason) : Attribute
{
    /// <summary>Why the member has no effect, for readers of the plan; no code uses it.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Marks a record whose members are written among those of its parent record.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InlinedAttribute : Attribute;

/// <summary>The key of a member, if it differs from the member's name.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeyAttribute(string key) : Attribute
{
    public string Key { get; } = key;
}
