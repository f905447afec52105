using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using BreakHis.Comparisons;
using BreakHis.Comparisons.Simulations;
using BreakHis.Specs.Problems;
using BreakHis.Tool.Options;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Compare;

/// <summary><c>power</c>: simulates comparisons of several sizes, to plan how many patients and seeds to use.</summary>
internal static class PowerCommand
{
    private const double DefaultPower = 0.8;
    private const int MostPatients = 10_000;
    private const int MostSeeds = 100;

    private static readonly int[] DefaultSeeds = [2, 3, 5, 10];

    private static readonly ComparedOptions Compared = new("Two");

    private static readonly SimulationOptions Simulated = new("find", "size");

    private static readonly Option<int?> Wanted = new("--power")
    {
        Description = "Power that is wanted, in percent [default: 80]",
        HelpName = "PERCENT",
        CustomParser = NumberArgument.Between(1, 99),
    };

    private static readonly Option<int[]?> Patients = new("--patients")
    {
        Description = "Numbers of patients, such as 40,80 [default: half to four times those of the runs]",
        HelpName = "LIST",
        CustomParser = NumberArgument.ListBetween(2, MostPatients),
    };

    private static readonly Option<int[]?> Seeds = new("--seeds")
    {
        Description = "Numbers of seeds, such as 3,5 [default: 2,3,5,10, or 1 if the runs have one]",
        HelpName = "LIST",
        CustomParser = NumberArgument.ListBetween(1, MostSeeds),
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON object" };

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command(
            "power",
            """
            Simulate comparisons to see how many patients and seeds one needs.
            Draws results for several numbers of patients and seeds, which vary as those of the ledger do, with a
            difference between the configurations, and counts how often the deciding test finds it. The same ledger
            gives the same digits.

            Examples:
              dotnet breakhis power quickstart
              dotnet breakhis power frozen tuned --difference 3 --patients 40,80,160 --seeds 5
            """
        );
        Compared.AddTo(command, withMargin: false);
        command.Options.Add(Simulated.Difference);
        command.Options.Add(Wanted);
        command.Options.Add(Patients);
        command.Options.Add(Seeds);
        command.Options.Add(Simulated.Count);
        command.Options.Add(Json);
        command.SetAction((parsed, _) => Plan(parsed));
        return command;
    }

    private static async Task<int> Plan(ParseResult parsed)
    {
        using var interruption = new CancelOnSignal();
        (PairedReadings paired, _) = Compared.ToSimulate(parsed);
        double difference = Simulated.DifferenceOf(parsed);
        double wanted = parsed.GetValue(Wanted) is int percent ? percent / 100.0 : DefaultPower;
        int[] patients = parsed.GetValue(Patients) is { Length: > 0 } named
            ? named
            : [Math.Max(2, paired.Patients / 2), paired.Patients, 2 * paired.Patients, 4 * paired.Patients];
        int[] seeds = SeedsOf(parsed, paired);
        int simulations = Simulated.CountOf(parsed);
        PowerTable table = await ProgressCounter.Show(
            "simulating",
            patients.Length * seeds.Length * simulations,
            quiet: false,
            done =>
                Task.Run(() =>
                    PowerTable.Of(
                        paired,
                        difference,
                        wanted,
                        patients,
                        seeds,
                        simulations,
                        () => done(1),
                        interruption.Token
                    )
                )
        );
        if (parsed.GetValue(Json))
        {
            StandardStreams.Out.WriteLine(JsonSerializer.Serialize(table, ToolJson.Default.PowerTable));
        }
        else
        {
            Print(paired, table, patients, seeds);
        }

        return 0;
    }

    private static int[] SeedsOf(ParseResult parsed, PairedReadings paired)
    {
        bool knowsSeeds = paired.Seeds.Count > 1;
        int[] seeds =
            parsed.GetValue(Seeds) is { Length: > 0 } named ? named
            : knowsSeeds ? DefaultSeeds
            : [1];
        return knowsSeeds || seeds is [1]
            ? seeds
            : throw new InputException(
                ProblemCodes.NotComparable,
                "--seeds: runs of one seed do not show how seeds vary; compare several to plan for several"
            );
    }

    private static void Print(PairedReadings paired, PowerTable table, int[] patients, int[] seeds)
    {
        TextWriter text = StandardStreams.Out;
        text.WriteLine(
            $"share of {Plural.Of(table.Simulations, "simulation")} in which a difference of {CompareText.Share(table.Difference)} points is found"
        );
        text.WriteLine();
        text.WriteLine($"  {"", 16}{string.Concat(seeds.Select(count => $"  {Plural.Of(count, "seed"), 9}"))}");
        foreach (int count in patients)
        {
            IEnumerable<string> row = table
                .Cells.Where(cell => cell.Patients == count)
                .Select(cell => $"  {Percent.Of(cell.Power), 9}");
            text.WriteLine($"  {Plural.Of(count, paired.Unit), 16}{string.Concat(row)}");
        }

        text.WriteLine();
        string wanted = table.Wanted.ToString("0 %", CultureInfo.InvariantCulture);
        foreach (int count in seeds)
        {
            text.WriteLine($"  {Plural.Of(count, "seed")}: {Needed(paired, table, patients, count, wanted)}");
        }
    }

    private static string Needed(PairedReadings paired, PowerTable table, int[] patients, int seeds, string wanted) =>
        table.Needed.FirstOrDefault(cell => cell.Seeds == seeds) is { } needed
            ? $"{wanted} takes about {Plural.Of(needed.Patients, paired.Unit)} (found in {Percent.Of(needed.Power)})"
        : table.Cells.Last(cell => cell.Seeds == seeds).Power < table.Wanted
            ? $"{wanted} takes more than {Plural.Of(patients[^1], paired.Unit)}"
        : $"{wanted} takes no more than {Plural.Of(patients[0], paired.Unit)}";
}
