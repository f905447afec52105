using System.Globalization;
using System.Text;
using BreakHis.Files;

namespace BreakHis.Json;

/// <summary>
/// A JSON value that is always written as the same bytes, so that it can be hashed: keys are sorted by UTF-16 code
/// unit, there is no whitespace, strings are escaped as little as JSON allows, and numbers are written as in
/// ECMAScript. These are the rules of RFC 8785, except that 64-bit integers keep all their digits. The writer is our
/// own, so that upgrading a serializer cannot change a hash.
/// </summary>
internal abstract record CanonicalJson
{
    private protected CanonicalJson() { }

    /// <summary>Creates an object. Members whose value is a C# null are omitted.</summary>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public static CanonicalJson Object(params IEnumerable<(string Key, CanonicalJson? Value)> members)
    {
        var sorted = new SortedDictionary<string, CanonicalJson>(StringComparer.Ordinal);
        foreach ((string key, CanonicalJson? value) in members)
        {
            if (value is not null)
            {
                sorted.Add(key, value);
            }
        }

        return new ObjectValue([.. sorted]);
    }

    /// <summary>Creates an array in the given order.</summary>
    public static CanonicalJson Array(params IEnumerable<CanonicalJson> items) => new ArrayValue([.. items]);

    /// <summary>Converts a string; null stays a C# null.</summary>
    public static CanonicalJson? From(string? value) => value is null ? null : new TextValue(value);

    /// <summary>Converts an integer.</summary>
    public static CanonicalJson From(long value) => new WholeValue(value);

    /// <summary>Converts a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is infinite or NaN.</exception>
    public static CanonicalJson From(double value) =>
        double.IsFinite(value)
            ? new NumberValue(value)
            : throw new ArgumentOutOfRangeException(nameof(value), value, "JSON has finite numbers only.");

    /// <summary>Converts a Boolean.</summary>
    public static CanonicalJson From(bool value) => new TruthValue(value);

    /// <inheritdoc cref="From(string)"/>
    public static implicit operator CanonicalJson?(string? value) => From(value);

    /// <inheritdoc cref="From(long)"/>
    public static implicit operator CanonicalJson(long value) => From(value);

    /// <inheritdoc cref="From(long)"/>
    public static implicit operator CanonicalJson(int value) => From((long)value);

    /// <inheritdoc cref="From(double)"/>
    public static implicit operator CanonicalJson(double value) => From(value);

    /// <inheritdoc cref="From(bool)"/>
    public static implicit operator CanonicalJson(bool value) => From(value);

    /// <summary>Returns the canonical text.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    /// <summary>Returns the SHA-256 of the canonical text in UTF-8, as 64 lower-case hexadecimal digits.</summary>
    public string Hash() => Sha256Hex.OfText(ToString());

    private protected abstract void Write(StringBuilder text);

    internal sealed record ObjectValue(IReadOnlyList<KeyValuePair<string, CanonicalJson>> Members) : CanonicalJson
    {
        private protected override void Write(StringBuilder text)
        {
            char separator = '{';
            foreach ((string key, CanonicalJson value) in Members)
            {
                text.Append(separator);
                TextValue.Write(text, key);
                text.Append(':');
                value.Write(text);
                separator = ',';
            }

            text.Append(Members.Count == 0 ? "{}" : "}");
        }
    }

    internal sealed record ArrayValue(IReadOnlyList<CanonicalJson> Items) : CanonicalJson
    {
        private protected override void Write(StringBuilder text)
        {
            char separator = '[';
            foreach (CanonicalJson item in Items)
            {
                text.Append(separator);
                item.Write(text);
                separator = ',';
            }

            text.Append(Items.Count == 0 ? "[]" : "]");
        }
    }

    internal sealed record TextValue(string Value) : CanonicalJson
    {
        private protected override void Write(StringBuilder text) => Write(text, Value);

        internal static void Write(StringBuilder text, string value)
        {
            text.Append('"');
            for (int i = 0; i < value.Length; i++)
            {
                _ = value[i] switch
                {
                    '"' => text.Append("\\\""),
                    '\\' => text.Append("\\\\"),
                    '\b' => text.Append("\\b"),
                    '\t' => text.Append("\\t"),
                    '\n' => text.Append("\\n"),
                    '\f' => text.Append("\\f"),
                    '\r' => text.Append("\\r"),
                    < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)value[i]:x4}"),
                    // UTF-8 cannot encode an unpaired surrogate; the encoder would write the same replacement for each.
                    var c when IsHalfAPair(value, i) => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                    var c => text.Append(c),
                };
            }

            text.Append('"');
        }

        private static bool IsHalfAPair(string value, int i) =>
            char.IsSurrogate(value[i])
            && !(i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]))
            && !(i > 0 && char.IsSurrogatePair(value[i - 1], value[i]));
    }

    internal sealed record WholeValue(long Value) : CanonicalJson
    {
        private protected override void Write(StringBuilder text) =>
            text.Append(Value.ToString(CultureInfo.InvariantCulture));
    }

    internal sealed record NumberValue(double Value) : CanonicalJson
    {
        private protected override void Write(StringBuilder text) => text.Append(CanonicalNumber.Of(Value));
    }

    internal sealed record TruthValue(bool Value) : CanonicalJson
    {
        private protected override void Write(StringBuilder text) => text.Append(Value ? "true" : "false");
    }
}
