using Xunit;

namespace BreakHis.Acceptance.Faults;

/// <summary>An uninterrupted run, and the comparison of other runs with it.</summary>
internal static class UninterruptedRun
{
    /// <summary>Both stages, with three steps per epoch so that a run can be interrupted within an epoch.</summary>
    public const string Spec = """
        extends: tiny.yaml
        name: whole
        data: { magnifications: [200, 400] }
        stages:
          bottleneck: { batch_size: 3 }
          fine_tune: { epochs: 5 }
        """;

    // Everything except times and the traces of interruptions.
    private static readonly string[] Queries =
    [
        "select fingerprint, seed, spec_hash, spec, plan from runs",
        "select stage, epoch, train_loss, train_accuracy, train_macro_f1, train_balanced_accuracy, validation_loss, validation_accuracy, validation_macro_f1, validation_balanced_accuracy, learning_rate, is_best, order_sha256, state_sha256 from epochs order by stage, epoch",
        "select stage, kept_epoch, stopped_early, loss, accuracy, macro_f1, balanced_accuracy from stage_ends order by stage",
        "select stage, image, truth, predicted, patient, probabilities from predictions order by stage, image",
        "select stage, key, sha256 from features",
        "select path, number, stage, name, sha256, bytes from artifacts order by path, number",
        "select stage, number from stages order by number",
        "select count(*) from images",
        "select state from run_summary",
    ];

    private static readonly Lazy<Task<IReadOnlyList<string>>> Uninterrupted = new(RunUninterrupted);

    /// <summary>Creates a folder with the specs.</summary>
    public static Workplace NewWorkplace()
    {
        var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("whole.yaml", Spec);
        return place;
    }

    /// <summary>The ledger and files of a home folder must equal those of an uninterrupted run.</summary>
    public static async Task MustMatch(Workplace place, string home, string about)
    {
        IReadOnlyList<string> whole = await Uninterrupted.Value;
        Assert.True(whole.SequenceEqual(Record(place, home), StringComparer.Ordinal), about + ": the record differs");
        Assert.Equal("ok", place.Query("pragma integrity_check", home).Single());
        Assert.Empty(place.Query("pragma foreign_key_check", home));
        foreach (string row in place.Query("select run_id || '/' || path || '|' || sha256 from artifacts", home))
        {
            string[] parts = row.Split('|');
            byte[] bytes = await File.ReadAllBytesAsync(place.At($"{home}/runs/{parts[0]}"));
            Assert.Equal(parts[1], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
        }

        RecordsMustBeInTheirFiles(place, home, about);
        string[] left =
        [
            .. Directory
                .GetFiles(place.At(home), "*", SearchOption.AllDirectories)
                .Where(file => file.EndsWith(".tmp", StringComparison.Ordinal) || IsPassing(file)),
        ];
        Assert.True(left.Length == 0, $"{about}: left behind {string.Join(", ", left)}");
    }

    /// <summary>
    /// Each record must be a line of its run's file, under the hash of its text, with no line missing or torn.
    /// </summary>
    private static void RecordsMustBeInTheirFiles(Workplace place, string home, string about)
    {
        List<string> lines = [];
        foreach (string file in Directory.GetFiles(place.At($"{home}/runs"), "*.jsonl", SearchOption.AllDirectories))
        {
            string before = new('0', 64);
            string text = File.ReadAllText(file);
            Assert.True(text.EndsWith('\n'), $"{about}: {file} is torn");
            foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var json = System.Text.Json.JsonDocument.Parse(line);
                System.Text.Json.JsonElement record = json.RootElement.GetProperty("record");
                string hash = json.RootElement.GetProperty("hash").GetString()!;
                byte[] bytes = System.Text.Encoding.UTF8.GetBytes(record.GetRawText());
                Assert.Equal(hash, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
                Assert.Equal(before, record.GetProperty("before").GetString());
                before = hash;
                lines.Add($"{json.RootElement.GetProperty("ledger").GetInt64()}|{hash}");
            }
        }

        Assert.Equal(
            place.Query("select number, hash from records order by number", home).Order(StringComparer.Ordinal),
            lines.Order(StringComparer.Ordinal)
        );
    }

    private static bool IsPassing(string file) =>
        file.Contains("/checkpoints/", StringComparison.Ordinal) || file.Contains("/part-", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> RunUninterrupted()
    {
        using Workplace place = NewWorkplace();
        Outcome outcome = await place.Breakhis("run", "whole.yaml", "--quiet");
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        return Record(place, ".breakhis");
    }

    private static IReadOnlyList<string> Record(Workplace place, string home) =>
        [.. Queries.SelectMany(query => place.Query(query, home))];
}
