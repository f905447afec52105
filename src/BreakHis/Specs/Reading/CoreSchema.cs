using System.Globalization;
using System.Text.RegularExpressions;

namespace BreakHis.Specs.Reading;

/// <summary>The type of an unquoted scalar in YAML 1.2's core schema.</summary>
internal enum ScalarKind
{
    Text,
    Number,
    Truth,
    Null,
}

/// <summary>
/// YAML 1.2's core schema, read strictly: decimal numbers only, no leading zeros (YAML 1.1 would read them as octal),
/// no infinity and no NaN.
/// </summary>
internal static partial class CoreSchema
{
    private const double LargestExact = 1L << 53;

    public static ScalarKind KindOf(ScalarNode scalar) => scalar.IsPlain ? KindOf(scalar.Text) : ScalarKind.Text;

    /// <summary>Returns the type of a scalar without quotes.</summary>
    public static ScalarKind KindOf(string text) =>
        text is "" or "~" or "null" or "Null" or "NULL" ? ScalarKind.Null
        : Truth(text) is not null ? ScalarKind.Truth
        : AnyNumber().IsMatch(text) ? ScalarKind.Number
        : ScalarKind.Text;

    /// <summary>
    /// Returns whether null is written out. A key without a value may be a slip and does not count as null.
    /// </summary>
    public static bool IsExplicitNull(SpecNode node) =>
        node is ScalarNode { Text.Length: > 0 } scalar && KindOf(scalar) == ScalarKind.Null;

    public static bool? Truth(string text) =>
        text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => null,
        };

    /// <summary>
    /// Returns the number, or null if the text is not a number, is infinite, or is not 0 but too small for a double.
    /// </summary>
    public static double? Number(string text) =>
        Decimal().IsMatch(text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number)
        && (number != 0 || !text.Split('e', 'E')[0].AsSpan().ContainsAnyInRange('1', '9'))
            ? number + 0.0 // minus zero becomes zero
            : null;

    /// <summary>Returns the integer, even if it is written as 2.0 or 1e2; null if the text is not an integer.</summary>
    public static long? Whole(string text)
    {
        if (!Decimal().IsMatch(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        return Number(text) is { } number && number == Math.Truncate(number) && Math.Abs(number) <= LargestExact
            ? (long)number
            : null;
    }

    public static bool HasLeadingZeros(string text) => LeadingZeros().IsMatch(text);

    [GeneratedRegex(
        @"^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Decimal();

    [GeneratedRegex(
        @"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AnyNumber();

    [GeneratedRegex(@"^[-+]?0[0-9]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LeadingZeros();
}
