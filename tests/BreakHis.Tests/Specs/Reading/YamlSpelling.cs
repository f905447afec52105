using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>
/// Writes a canonical form as YAML in one of many ways: shuffled keys, extra comments, different spellings of numbers.
/// </summary>
internal sealed class YamlSpelling
{
    private readonly Random _random;
    private readonly StringBuilder _text = new();

    private YamlSpelling(int seed) => _random = new Random(seed);

    public static string Of(string canonical, int seed)
    {
        using var document = JsonDocument.Parse(canonical);
        var spelling = new YamlSpelling(seed);
        spelling.Block(document.RootElement, 0);
        return spelling._text.ToString();
    }

    private void Block(JsonElement mapping, int indent)
    {
        JsonProperty[] members = mapping.EnumerateObject().ToArray();
        _random.Shuffle(members);
        foreach (JsonProperty member in members)
        {
            if (_random.Next(4) == 0)
            {
                _text.Append(CultureInfo.InvariantCulture, $"{new string(' ', _random.Next(8))}# a: comment\n\n");
            }

            _text.Append(' ', indent).Append(_random.Next(3) == 0 ? $"\"{member.Name}\"" : member.Name).Append(':');
            if (member.Value.ValueKind == JsonValueKind.Object && IsBlock(member.Value))
            {
                _text.Append(_random.Next(2) == 0 ? "\n" : "  # more\n");
                Block(member.Value, indent + 1 + _random.Next(4));
            }
            else
            {
                _text
                    .Append(' ', 1 + _random.Next(3))
                    .Append(Flow(member.Value))
                    .Append(_random.Next(3) == 0 ? " # c\n" : "\n");
            }
        }
    }

    private bool IsBlock(JsonElement mapping) => mapping.EnumerateObject().Any() && _random.Next(3) > 0;

    private string Flow(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object =>
                $"{{{string.Join(", ", Shuffled(value).Select(m => $"{m.Name}: {Flow(m.Value)}"))}}}",
            JsonValueKind.Array => $"[{string.Join(",  ", value.EnumerateArray().Select(Flow))}]",
            JsonValueKind.Number => Number(value.GetRawText()),
            JsonValueKind.String => Quoted(value.GetString()!),
            _ => value.GetRawText(),
        };

    private JsonProperty[] Shuffled(JsonElement mapping)
    {
        JsonProperty[] members = mapping.EnumerateObject().ToArray();
        _random.Shuffle(members);
        return members;
    }

    private string Number(string raw)
    {
        bool isLong = raw.TrimStart('-').Length > 15 && raw.All(c => char.IsAsciiDigit(c) || c == '-');
        return (isLong, _random.Next(5)) switch
        {
            (true, _) or (_, 0) => raw,
            (_, 1) when raw[0] != '-' => "+" + raw,
            (_, 2) => double.Parse(raw, CultureInfo.InvariantCulture).ToString("E16", CultureInfo.InvariantCulture),
            (_, 3) when raw.Contains('.', StringComparison.Ordinal) && !raw.Contains('e', StringComparison.Ordinal) =>
                raw + "00",
            (_, 4) when raw.All(char.IsAsciiDigit) => raw + ".0",
            _ => raw,
        };
    }

    private string Quoted(string value) =>
        value.Any(c => c is '\n' or '\t') || _random.Next(2) == 0
            ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\""
            : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
