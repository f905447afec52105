using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Nothing that is printed can command a terminal, wherever it comes from.</summary>
public sealed class TerminalTests
{
    /// <summary>
    /// Clears the screen, goes back, rings, reverses the direction, and begins a line; markup and invisible characters too.
    /// </summary>
    private const string Hostile =
        "a\u001b[2J\rb\u0007\u202e\u009b1A[red]c\n  pass          record     chain\ufffe\U000E0041\U0001D173\u200b";

    private static readonly string[][] OfData =
    [
        ["data", "check", "x.yaml"],
        ["run", "x.yaml", "--dry-run"],
    ];

    private static readonly string[][] OfRecords =
    [
        ["list"],
        ["list", "--json"],
        ["show"],
        ["show", "--json"],
        ["report", "--out", "x.html"],
        ["audit"],
        ["audit", "--format", "json"],
        ["audit", "--format", "sarif"],
        ["audit", "--format", "junit"],
        ["ledger", "verify"],
        ["ledger", "head"],
        ["cache", "list"],
        ["doctor"],
    ];

    [Fact]
    public async Task Names_of_folders_are_shown()
    {
        using var place = new Workplace();
        await Pictures(place);

        foreach (string[] command in OfData)
        {
            Outcome outcome = await place.Breakhis(command);
            Assert.True(outcome.ExitCode == 0, $"{outcome}");
            AssertVisible(outcome, command);
            Assert.Contains(
                "a\\u001b[2J\\rb\\u0007\\u202e\\u009b1A[red]c\\n  pass",
                outcome.Output,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Texts_of_records_are_shown()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        Poison(place.At(".breakhis/ledger.db"));

        foreach (string[] command in OfRecords)
        {
            Outcome outcome = await place.Breakhis(command);
            AssertVisible(outcome, command);
            Assert.DoesNotContain("BH9001", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("\n  pass          record     chain", outcome.Output, StringComparison.Ordinal);
        }
    }

    private static async Task Pictures(Workplace place)
    {
        await PreparedPlace.WithTissue(place, "tiny.yaml", SpecTexts.Tiny);
        foreach (
            (int i, string file) in Directory.GetFiles(place.At("tissue"), "*.png", SearchOption.AllDirectories).Index()
        )
        {
            string folder = place.At(i % 2 == 0 ? $"x/{Hostile}" : "x/b");
            Directory.CreateDirectory(folder);
            File.Move(file, Path.Combine(folder, $"{i}.png"));
        }

        place.Write(
            "x.yaml",
            SpecTexts
                .Tiny.Replace("source: synthetic", "source: folders\n  path: x", StringComparison.Ordinal)
                .Replace(
                    "  synthetic: { patients_per_subtype: 1, images_per_patient: 1, width: 64, height: 64, seed: 5 }\n",
                    "",
                    StringComparison.Ordinal
                )
                .Replace("  magnifications: [200]\n  label: malignancy\n", "", StringComparison.Ordinal)
                .Replace("by: patient", "by: image", StringComparison.Ordinal)
        );
    }

    /// <summary>Appends the hostile text to every text of the ledger that has no form of its own.</summary>
    private static void Poison(string ledger)
    {
        string[] columns =
        [
            "runs.name",
            "runs.spec_file",
            "provenance.value",
            "classes.name",
            "images.path",
            "images.patient",
            "images.subtype",
            "artifacts.path",
            "artifacts.name",
            "choices.path",
            "choices.value",
            "split_checks.text",
            "notes.value",
            "stage_ends.stage",
            "stages.stage",
            "epochs.stage",
            "predictions.stage",
            "features.stage",
            "artifacts.stage",
            "checkpoints.stage",
            "records.kind",
        ];
        using var connection = new SqliteConnection($"Data Source={ledger};Foreign Keys=False;Pooling=False");
        connection.Open();
        foreach (string[] column in columns.Select(column => column.Split('.')))
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own names.
            command.CommandText = $"UPDATE {column[0]} SET {column[1]} = {column[1]} || $hostile";
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$hostile", Hostile);
            command.ExecuteNonQuery();
        }
    }

    private static void AssertVisible(Outcome outcome, string[] command) =>
        Assert.All(
            [outcome.Output, outcome.Error],
            text =>
                Assert.True(
                    !text.EnumerateRunes().Any(IsHidden),
                    $"{string.Join(' ', command)}: {string.Join(' ', text.EnumerateRunes().Where(IsHidden).Select(rune => $"U+{rune.Value:X4}").Distinct(StringComparer.Ordinal))}"
                )
        );

    private static bool IsHidden(Rune rune) =>
        rune.Value != '\n'
        && (
            Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
            || (rune.Value & 0xfffe) == 0xfffe
        );
}
