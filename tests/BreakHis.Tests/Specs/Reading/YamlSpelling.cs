using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BreakHis.Tests.Specs.Reading;

/// <summary>Writes a canonical form as YAML in one of many ways: keys shuffled, comments put in, numbers respelled.</summary>
internal sealed class YamlSpelling
{
    private readonly Random random;
    private readonly StringBuilder text = new();

    private YamlSpelling(int seed) => random = new Random(seed);

    public static string Of(string canonical, int seed)
    {
        using var document = JsonDocument.Parse(canonical);
        var spelling = new YamlSpelling(seed);
        spelling.Block(document.RootElement, 0);
        return spelling.text.ToString();
    }

    private void Block(JsonElement mapping, int indent)
    {
        var members = mapping.EnumerateObject().ToArray();
        random.Shuffle(members);
        foreach (var member in members)
        {
            if (random.Next(4) == 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{new string(' ', random.Next(8))}# a: comment\n\n");
            }

            text.Append(' ', indent).Append(random.Next(3) == 0 ? $"\"{member.Name}\"" : member.Name).Append(':');
            if (member.Value.ValueKind == JsonValueKind.Object && IsBlock(member.Value))
            {
                text.Append(random.Next(2) == 0 ? "\n" : "  # more\n");
                Block(member.Value, indent + 1 + random.Next(4));
            }
            else
            {
                text.Append(' ', 1 + random.Next(3))
                    .Append(Flow(member.Value))
                    .Append(random.Next(3) == 0 ? " # c\n" : "\n");
            }
        }
    }

    private bool IsBlock(JsonElement mapping) => mapping.EnumerateObject().Any() && random.Next(3) > 0;

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
        var members = mapping.EnumerateObject().ToArray();
        random.Shuffle(members);
        return members;
    }

    private string Number(string raw)
    {
        var isLong = raw.TrimStart('-').Length > 15 && raw.All(c => char.IsAsciiDigit(c) || c == '-');
        return (isLong, random.Next(5)) switch
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
        value.Any(c => c is '\n' or '\t') || random.Next(2) == 0
            ? $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)}\""
            : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
