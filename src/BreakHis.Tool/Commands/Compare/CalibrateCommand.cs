using System.CommandLine;
using System.Text.Json;
using BreakHis.Comparisons;
using BreakHis.Comparisons.Simulations;
using BreakHis.Statistics;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary><c>calibrate</c>: simulates a comparison, to see how far its tests can be trusted.</summary>
internal static class CalibrateCommand
{
    private static readonly ComparedOptions Compared = new("Two");

    private static readonly SimulationOptions Simulated = new("simulate", "kind");

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "calibrate",
            """
            Simulate a comparison to see how often its verdict is wrong.
            Draws results that vary over patients, images and seeds as those of the ledger do, once without a
            difference between the configurations and once with one. Counts how often the verdict and other tests
            find a difference. The same ledger gives the same digits.

            Examples:
              dotnet breakhis calibrate quickstart
              dotnet breakhis calibrate frozen tuned --difference 3 --margin 3
            """
        );
        Compared.AddTo(command, withMargin: true);
        command.Options.Add(Simulated.Difference);
        command.Options.Add(Simulated.Count);
        command.Options.Add(Json);
        command.SetAction((parsed, _) => Calibrate(parsed));
        return command;
    }

    private static async Task<int> Calibrate(ParseResult parsed)
    {
        using var interruption = new CancelOnSignal();
        (PairedReadings paired, double? margin) = Compared.ToSimulate(parsed);
        double difference = Simulated.DifferenceOf(parsed);
        int simulations = Simulated.CountOf(parsed);
        int rounds = margin is null ? 2 : 3;
        CalibratedTests calibrated = await ProgressCounter.Show(
            "simulating",
            rounds * simulations,
            quiet: false,
            done =>
                Task.Run(() =>
                    CalibratedTests.Of(paired, difference, margin, simulations, () => done(1), interruption.Token)
                )
        );
        if (parsed.GetValue(Json))
        {
            StandardStreams.Out.WriteLine(JsonSerializer.Serialize(calibrated, ToolJson.Default.CalibratedTests));
        }
        else
        {
            Print(paired, calibrated, margin);
        }

        return 0;
    }

    private static void Print(PairedReadings paired, CalibratedTests calibrated, double? margin)
    {
        TextWriter text = StandardStreams.Out;
        string points = CompareText.Share(calibrated.Difference);
        text.WriteLine(
            $"{Plural.Of(calibrated.Simulations, "simulation")} of {Plural.Of(paired.Patients, paired.Unit)}, {Plural.Of(paired.Images, "image")} and {Plural.Of(paired.Seeds.Count, "seed")}, drawn for {calibrated.Population}"
        );
        text.WriteLine();
        text.WriteLine($"  {"", -37}  {"false alarms", -13}  found, at {points} points");
        foreach (TestBehaviour test in calibrated.Tests)
        {
            string decides = test.Decides ? "decides" : "";
            text.WriteLine(
                $"  {test.Name, -37}  {Percent.Of(test.FalseAlarms), -13}  {Percent.Of(test.Power), -7}  {decides}".TrimEnd()
            );
        }

        if (calibrated.Looks.Count > 0)
        {
            text.WriteLine();
            text.WriteLine("  with a look after every seed");
        }

        foreach (LookingRule rule in calibrated.Looks)
        {
            text.WriteLine($"  {rule.Name, -37}  {Percent.Of(rule.FalseAlarms), -13}  {Percent.Of(rule.Power)}");
        }

        text.WriteLine();
        text.WriteLine(
            $"  the 95 % interval has the true difference in {Percent.Of(calibrated.CoverageWithout)} (no difference) and {Percent.Of(calibrated.CoverageWith)} ({points} points)"
        );
        if (calibrated is { EquivalentWithout: double right, EquivalentAtMargin: double wrong })
        {
            text.WriteLine(
                $"  the verdict is practically equivalent in {Percent.Of(right)} (no difference) and, wrongly, in {Percent.Of(wrong)} ({CompareText.Share(margin!.Value)} points, the margin)"
            );
        }

        double error = NormalQuantiles.Of975 * Math.Sqrt(Verdict.Level * (1 - Verdict.Level) / calibrated.Simulations);
        text.WriteLine(
            $"  a test that is exact has false alarms between {CompareText.Share(Verdict.Level - error)} and {CompareText.Share(Verdict.Level + error)} % in 95 of 100 calibrations of this size"
        );
    }
}
