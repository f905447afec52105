using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary><c>run --trace</c>: what each step computes, and how audits use it.</summary>
public sealed class TraceTests
{
    private const string Trained =
        "select stage, epoch, train_loss, validation_loss, order_sha256, state_sha256 from epochs order by stage, epoch";

    [Fact]
    public async Task A_trace_changes_no_bit_and_locates_the_module_where_two_runs_diverge()
    {
        using var place = new Workplace();
        using var plain = new Workplace();
        await PreparedPlace.WithRun(plain, "tiny.yaml", SpecTexts.Tiny);
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Outcome run = await place.Breakhis("run", "tiny.yaml", "--quiet", "--trace");
        Assert.True(run.ExitCode == 0, $"{run}");

        Assert.NotEmpty(place.Query(Trained));
        Assert.Equal(plain.Query(Trained), place.Query(Trained));
        Assert.Equal(
            ["trace/bottleneck.jsonl", "trace/fine_tune.jsonl"],
            place.Query("select path from artifacts where path like 'trace/%' order by path")
        );
        string[] steps = File.ReadAllLines(Trace(place, "fine_tune"));
        Assert.Equal(2 * 2, steps.Length);
        JsonNode step = JsonNode.Parse(steps[0])!;
        string[] modules = [.. step["modules"]!.AsArray().Select(module => module!["name"]!.GetValue<string>())];
        Assert.Equal("head.dense2", modules[^1]);
        Assert.Equal("head.dense1", modules[^2]);
        Assert.All(modules[..^2], module => Assert.StartsWith("backbone.", module, StringComparison.Ordinal));

        // As if the fourth module had computed a different result in the recorded run, with all its consequences.
        JsonNode tampered = step["modules"]![3]!;
        string changed = steps[0]
            .Replace(tampered["sha256"]!.GetValue<string>(), new string('0', 64), StringComparison.Ordinal);
        File.WriteAllText(Trace(place, "fine_tune"), string.Join('\n', [changed, .. steps[1..], ""]));
        Execute(
            place,
            $"update epochs set state_sha256 = '{new string('0', 64)}' where stage = 'fine_tune' and epoch = 1"
        );

        Outcome audit = await place.Breakhis("audit", "--level", "artifacts", "--rerun");

        Assert.True(audit.ExitCode == 1, $"{audit}");
        Assert.Contains("trace/fine_tune.jsonl: the hash does not match", audit.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"first difference: fine_tune, epoch 1, step 1: output of module {modules[3]} (recorded {modules[3]} {new string('0', 64)}; now ",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("a second rerun gave the same result as the first", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_and_resumed_run_has_the_same_trace_as_an_uninterrupted_one()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        string[] run =
        [
            "run",
            "tiny.yaml",
            "--trace",
            "--checkpoint-every",
            "2epochs",
            "--set",
            "stages.fine_tune.epochs=16",
        ];
        await place.Breakhis([.. run, "--quiet", "--home", "whole"]);

        Running running = place.StartBreakhis(run);
        await running.Says("fine_tune  epoch   3", TimeSpan.FromMinutes(5));
        running.Signal("KILL");
        await running.End();
        Outcome goneOn = await place.Breakhis(run);

        Assert.True(goneOn.ExitCode == 0, $"{goneOn}");
        Assert.Contains("resumes", goneOn.Error, StringComparison.Ordinal);
        foreach (string stage in (string[])["bottleneck", "fine_tune"])
        {
            Assert.Equal(File.ReadAllBytes(Trace(place, stage, "whole")), File.ReadAllBytes(Trace(place, stage)));
        }
    }

    private static string Trace(Workplace place, string stage, string home = ".breakhis") =>
        place.At($"{home}/runs/{place.Query("select id from runs", home)[0]}/trace/{stage}.jsonl");

    private static void Execute(Workplace place, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={place.At(".breakhis/ledger.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own statement.
        command.CommandText = sql;
#pragma warning restore CA2100
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}
