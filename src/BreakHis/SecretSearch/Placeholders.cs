using System.Buffers;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>Recognises values that stand for a secret without being one.</summary>
internal static partial class Placeholders
{
    private static readonly SearchValues<string> Words = SearchValues.Create(
        [
            "your",
            "example",
            "placeholder",
            "redacted",
            "dummy",
            "changeme",
            "change-me",
            "change_me",
            "fill_in",
            "fill-in",
            "insert",
            "replaceme",
            "replace-me",
            "replace_me",
            "todo_",
            "xxx",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    // Placeholders in words do not have these.
    private static readonly SearchValues<char> Signs = SearchValues.Create("!@#$%^&*+~?|{}");

    // One of these is in every placeholder with brackets.
    private static readonly SearchValues<char> Marks = SearchValues.Create("{<[($_");

    /// <summary>Returns whether a value is nothing but a placeholder.</summary>
    public static bool IsWhole(string value) =>
        (!char.IsAsciiLetterOrDigit(value[^1]) || !char.IsAsciiLetterOrDigit(value[0]) || value[0] == value[^1])
            && Filler().IsMatch(value)
            && !Randomness.IsRandom(value)
        || (!ReferenceEquals(Without(value), value) && !Without(value).Any(char.IsLetterOrDigit))
        || (value.AsSpan().ContainsAny(Words) && !Randomness.IsRandom(value) && !value.AsSpan().ContainsAny(Signs));

    /// <summary>Returns what a value has besides the placeholders in it.</summary>
    public static string Without(string value) =>
        value.AsSpan().ContainsAny(Marks) ? Bracketed().Replace(value, "") : value;

    /// <summary>A variable alone, or one sign again and again.</summary>
    [GeneratedRegex(
        @"^(?:\$[A-Za-z_][A-Za-z0-9_.]*|%[A-Za-z0-9_]+%|%[a-z]|@[A-Za-z_]+@?|\*+|x+|X+|\.+|#+|-+|0+|\?+|_+|…+)$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Filler();

    [GeneratedRegex(
        @"\$?\{\{[^{}]*\}\}|\$\{\w+:?(?:\?[^{}]*|-)\}|\$?\{[A-Za-z_.!#@][^{}]*\}|\{\d?\}|#\{[^{}]*\}|\$\([^()]*\)|%\([A-Za-z_.]+\)[sd]|<[^<>]*>|\[\[[^\[\]]*\]\]|__[A-Z_]+__|(?<![A-Za-z0-9])\$[A-Z_]{2,}",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Bracketed();
}
