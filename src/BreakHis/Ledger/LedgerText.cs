using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BreakHis.Data;
using BreakHis.Ledger.Reading;
using BreakHis.Plans.Checks;

namespace BreakHis.Ledger;

/// <summary>The text format of times, words and probabilities in the ledger.</summary>
internal static class LedgerText
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly Dictionary<string, RunState> States = Enum.GetValues<RunState>()
        .ToDictionary(Word, StringComparer.Ordinal);

    private static readonly Dictionary<string, LeakVerdict> Verdicts = Enum.GetValues<LeakVerdict>()
        .ToDictionary(Word, StringComparer.Ordinal);

    private static readonly Dictionary<string, Side> AllSides = Enum.GetValues<Side>()
        .ToDictionary(Sides.Word, StringComparer.Ordinal);

    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Reads a time; null if it is none.</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out DateTimeOffset time
        )
            ? time
            : null;

    public static string Word(RunState state) =>
        state switch
        {
            RunState.Running => "running",
            RunState.Finished => "finished",
            RunState.Failed => "failed",
            RunState.Interrupted => "interrupted",
            _ => throw new UnreachableException($"unknown: {state}"),
        };

    public static RunState StateOf(string word) => Of(word, States);

    public static string Word(LeakVerdict verdict) =>
        verdict switch
        {
            LeakVerdict.Clean => "clean",
            LeakVerdict.Doubt => "doubt",
            LeakVerdict.Leak => "leak",
            LeakVerdict.NotChecked => "not_checked",
            _ => throw new UnreachableException($"unknown: {verdict}"),
        };

    public static LeakVerdict VerdictOf(string word) => Of(word, Verdicts);

    public static Side SideOf(string word) => Of(word, AllSides);

    private static T Of<T>(string word, IReadOnlyDictionary<string, T> values) =>
        values.TryGetValue(word, out T? value) ? value : throw new FormatException($"'{word}' is unknown");

    /// <summary>
    /// Returns a JSON array of the shortest numbers that round-trip to the same floats; NaN becomes null.
    /// </summary>
    public static string Probabilities(IReadOnlyList<float> values) =>
        $"[{string.Join(',', values.Select(v => float.IsNaN(v) ? "null" : v.ToString("R", CultureInfo.InvariantCulture)))}]";

    public static float[] Probabilities(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document
                .RootElement.EnumerateArray()
                .Select(value => value.ValueKind == JsonValueKind.Null ? float.NaN : value.GetSingle()),
        ];
    }
}
