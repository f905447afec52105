using System.Text.RegularExpressions;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>The ledger's chain on the command line.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task A_run_is_verified_edited_rebuilt_and_imported()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Running killed = place.StartBreakhis("run", "tiny.yaml", "--checkpoint-every", "1epochs");
        await killed.Says("bottleneck epoch   1", TimeSpan.FromMinutes(5));
        killed.Signal("KILL");
        await killed.End();
        await Ends(0, place, "run", "tiny.yaml", "--quiet");

        Outcome head = await Ends(0, place, "ledger", "head");
        Assert.Matches("^[1-9][0-9]*:[0-9a-f]{64}\n$", head.Output);
        string[] verify = ["ledger", "verify", "--head", head.Output.Trim(), "--report", "reports/tiny.html"];
        Outcome whole = await Ends(0, place, verify);
        Assert.Contains(" 0 failed, 0 inconclusive", whole.Output, StringComparison.Ordinal);
        Outcome show = await Ends(0, place, "show");
        Assert.Contains(head.Output.Trim().Split(':')[1], show.Output, StringComparison.Ordinal);

        place.Edit("UPDATE stage_ends SET accuracy = 0.99 WHERE stage = 'fine_tune'");
        Outcome edited = await Ends(1, place, verify);
        Assert.Matches(
            new Regex(
                "stage_ends, stage fine_tune: accuracy was recorded as [0-9.]+, is now 0.99",
                RegexOptions.None,
                TimeSpan.FromSeconds(1)
            ),
            edited.Output
        );

        Outcome rebuilt = await Ends(0, place, "ledger", "rebuild");
        Assert.Contains(head.Output.Trim().Split(':')[1], rebuilt.Output, StringComparison.Ordinal);
        await Ends(0, place, verify);

        Outcome check = await Ends(0, place, "--home", "other", "import", "--check", ".breakhis");
        Assert.Matches("  would be added: [0-9]+ records\n$", check.Output);
        Assert.False(Directory.Exists(place.At("other")));
        Outcome import = await Ends(0, place, "--home", "other", "import", ".breakhis");
        Assert.Matches("  added: [0-9]+ records\n$", import.Output);
        await Ends(0, place, "--home", "other", "ledger", "verify", "--report", "reports/tiny.html");
        Outcome known = await Ends(0, place, "--home", "other", "run", "tiny.yaml", "--accept-imported");
        Assert.Contains("already in the ledger", known.Error, StringComparison.Ordinal);
        await Ends(0, place, "--home", "other", "report", "--out", "other.html");

        place.Edit("DELETE FROM records WHERE number > 3");
        Outcome cut = await Ends(1, place, verify);
        Assert.Contains("cut off", cut.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BH0001", "ledger", "verify", "--head", "12")]
    [InlineData("BH4004", "ledger", "verify", "--report", "tiny.yaml")]
    [InlineData("BH5003", "ledger", "verify", "--report", "none.html")]
    [InlineData("BH4001", "ledger", "head")]
    [InlineData("BH4001", "ledger", "anchor")]
    [InlineData("BH4001", "ledger", "rebuild")]
    [InlineData("BH4003", "import", "nowhere")]
    public async Task Errors_are_reported_in_one_line(string code, params string[] command)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Outcome outcome = await Ends(2, place, command);
        Assert.StartsWith($"dotnet-breakhis : error {code}: ", outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.TrimEnd('\n').Split('\n'));
    }

    private static async Task<Outcome> Ends(int exitCode, Workplace place, params string[] command)
    {
        Outcome outcome = await place.Breakhis(command);
        Assert.True(outcome.ExitCode == exitCode, $"{string.Join(' ', command)}: {outcome}");
        return outcome;
    }
}
