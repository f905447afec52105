using System.Text;
using System.Text.RegularExpressions;

namespace BreakHis.SecretSearch;

/// <summary>
/// Recognises a Secret of Kubernetes that has values, whatever their names. They are below "data" and "stringData" of a
/// mapping in YAML, or in JSON with a pair on each line, whose "kind" is Secret.
/// </summary>
internal static partial class KubernetesSecrets
{
    private const int Shortest = 6;
    private const string Encrypted = "ENC[";
    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Returns whether a text has such a value.</summary>
    public static bool AreIn(string text)
    {
        if (!Kind().IsMatch(text))
        {
            return false;
        }

        Stack<Mapping> open = [];
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            string content = line.Trim().ToString();
            if (content.StartsWith("---", Ordinal))
            {
                open.Clear();
            }
            else if (content.Length > 0 && content[0] != '#' && IsSecret(open, line.IndexOfAnyExcept(" \t"), content))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a line into the mapping that it belongs to, and returns whether that is a Secret with a value.</summary>
    private static bool IsSecret(Stack<Mapping> open, int column, string content)
    {
        while (open.TryPeek(out Mapping? inner) && inner.Column > column)
        {
            open.Pop();
        }

        if (open.TryPeek(out Mapping? outer) && outer.IsInData && outer.Column < column)
        {
            outer.HasValue |= IsValue(Pair(content).Value);
            return outer.IsSecret;
        }

        if (content.StartsWith("- ", Ordinal))
        {
            string item = content[1..].TrimStart();
            column += content.Length - item.Length;
            content = item;
        }

        if (!open.TryPeek(out Mapping? mapping) || mapping.Column < column)
        {
            mapping = new Mapping(column);
            open.Push(mapping);
        }

        mapping.Read(Pair(content));
        return mapping.IsSecret;
    }

    /// <summary>Returns the key and the value of a line; of one without a key, all is value.</summary>
    private static (string Key, string Value) Pair(string content)
    {
        string line = content.Split(" #", 2)[0].TrimEnd(' ', ',');
        int colon = line.IndexOf(':', Ordinal);
        return (Bare(line[..Math.Max(colon, 0)]), Bare(line[(colon + 1)..]));
    }

    private static string Bare(string text) => text.Trim().Trim('"', '\'');

    /// <summary>Whether a value is long enough, and no placeholder, template or encrypted value.</summary>
    private static bool IsValue(string value) =>
        Placeholders.Without(value) is { Length: >= Shortest } rest
        && !Placeholders.IsWhole(rest)
        && !value.StartsWith(Encrypted, Ordinal)
        && !(Decoded(value) is { Length: > 0 } text && Placeholders.IsWhole(text));

    private static string Decoded(string value)
    {
        byte[] bytes = new byte[value.Length];
        return Convert.TryFromBase64String(value, bytes, out int count)
            ? Encoding.Latin1.GetString(bytes, 0, count)
            : "";
    }

    [GeneratedRegex(
        """\bkind["']?[ \t]{0,20}:[ \t]{0,20}["']?Secret\b""",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Kind();

    /// <summary>A mapping of which lines are being read.</summary>
    /// <param name="Column">Where its keys begin.</param>
    private sealed record Mapping(int Column)
    {
        private bool _isOfKind;

        public bool IsInData { get; private set; }

        public bool HasValue { get; set; }

        public bool IsSecret => _isOfKind && HasValue;

        public void Read((string Key, string Value) pair)
        {
            _isOfKind |= pair is { Key: "kind", Value: "Secret" };
            IsInData = pair.Key is "data" or "stringData";
            HasValue |=
                IsInData
                && pair.Value.StartsWith('{')
                && pair.Value.Trim('{', '}', ' ').Split(',').Any(inner => IsValue(Pair(inner).Value));
        }
    }
}
