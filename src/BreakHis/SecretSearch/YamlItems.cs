using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>The items without quotes of a list or mapping in YAML: in brackets, or on the lines after its key.</summary>
internal static partial class YamlItems
{
    private const int Window = 300;
    private const int Most = 8;

    /// <summary>Returns the items of the list or mapping that begins at a place.</summary>
    /// <param name="at">The place after the colon of the key and blanks.</param>
    public static IEnumerable<string> At(string text, int at)
    {
        // Most values are neither, and this is asked after every name.
        if (at >= text.Length || text[at] is not ('[' or ' ' or '\t' or '\r' or '\n'))
        {
            return [];
        }

        string rest = text.Substring(at, Math.Min(Window, text.Length - at));
        return rest.StartsWith('[')
            ? rest[1..].Split(']')[0].Split(',', Most).Select(item => item.Trim())
            : Lines()
                .Match(rest)
                .Groups["item"]
                .Captures.Concat(Line().Match(rest).Groups["item"].Captures)
                .Take(Most)
                .Select(item => item.Value);
    }

    /// <summary>Lines that are indented, each with a hyphen, a key or both before its item.</summary>
    [GeneratedRegex(
        """\A(?:[ \t]{0,20}\r?\n[ \t]{1,20}(?:-[ \t]{1,8}(?:[\w.-]{1,40}:[ \t]{1,8})?|[\w.-]{1,40}:[ \t]{1,8})(?<item>[^\s"'#&!|>{}\[\]]{1,128})){1,8}""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Lines();

    /// <summary>One indented line with nothing but an item.</summary>
    [GeneratedRegex(
        """\A[ \t]{0,20}\r?\n[ \t]{1,20}(?<item>[^\s"'#&!|>{}\[\]:-][^\s"'#&!|>{}\[\]]{5,127})[ \t]{0,20}(?:\r?\n|\z)""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Line();
}
