using BreakHis.Statistics;
using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using static System.FormattableString;

namespace BreakHis.Comparisons.Simulations;

/// <summary>How often the deciding test finds a difference with some patients and seeds.</summary>
/// <param name="Power">The share of simulations with the difference in which it finds one.</param>
internal sealed record PowerCell(int Patients, int Seeds, double Power);

/// <summary>What a study would find, if patients and seeds vary as those of a comparison do.</summary>
/// <param name="Simulations">How many were drawn for each number of patients and seeds.</param>
/// <param name="Difference">The true difference in accuracy, 0 to 1.</param>
/// <param name="Wanted">The power that is wanted, 0 to 1.</param>
/// <param name="Cells">The power for each number of patients, and within it for each number of seeds.</param>
/// <param name="Needed">For each number of seeds about the number of patients with the wanted power, and what was found with
/// them; none if the largest number has less, or the smallest one has more.</param>
internal sealed record PowerTable(
    int Simulations,
    double Difference,
    double Wanted,
    IReadOnlyList<PowerCell> Cells,
    IReadOnlyList<PowerCell> Needed
)
{
    private const int Steps = 3;
    private const int Nearest = 4;

    /// <summary>Simulates comparisons of several sizes.</summary>
    /// <param name="difference">The true difference, above 0.</param>
    /// <param name="wanted">The power that is wanted, above 0 and below 1.</param>
    /// <param name="patients">Numbers of patients, each at least 2, in ascending order.</param>
    /// <param name="seeds">Numbers of seeds, in ascending order; 1 if the comparison has one.</param>
    /// <param name="simulations">How many for each size, at least 1.</param>
    /// <param name="done">Called from any thread after each simulation.</param>
    public static PowerTable Of(
        PairedReadings paired,
        double difference,
        double wanted,
        IReadOnlyList<int> patients,
        IReadOnlyList<int> seeds,
        int simulations,
        Action done,
        CancellationToken cancellation
    )
    {
        var model = LatentModel.Of(paired);
        PowerCell[] cells = [.. from p in patients from s in seeds select Cell(p, s)];
        return new PowerTable(
            simulations,
            difference,
            wanted,
            cells,
            [.. seeds.Select(s => Search([.. cells.Where(cell => cell.Seeds == s)])).OfType<PowerCell>()]
        );

        PowerCell Cell(int patients, int seeds)
        {
            PairedReadings like = Resized(paired, patients, seeds);
            var draws = new SimulatedReadings(like, model, DecidingTest.IsForNewSeeds(like));
            bool[] found = Repeated.Of(
                paired,
                Invariant($"power: {patients} patients, {seeds} seeds"),
                simulations,
                random =>
                {
                    PairedReadings drawn = draws.Draw(difference, random);
                    return DecidingTest.Of(drawn, SeedEstimates.Of(drawn)).P < Verdict.Level;
                },
                done,
                cancellation
            );
            return new PowerCell(patients, seeds, (double)found.Count(one => one) / simulations);
        }

        PowerCell? Search(List<PowerCell> known)
        {
            bool isBetween =
                known.TakeWhile(cell => cell.Power < wanted).Any() && known.Exists(cell => cell.Power >= wanted);
            for (int step = 0; isBetween && step < Steps; step++)
            {
                known.Add(Cell(Likely(known, wanted), known[0].Seeds));
            }

            return isBetween ? known[^1] : null;
        }
    }

    /// <summary>
    /// Returns the number of patients that probably has the power that is wanted: power is about normal in the root of the
    /// number, and the cells nearest to it are known with an error.
    /// </summary>
    private static int Likely(List<PowerCell> known, double wanted)
    {
        PowerCell[] near = [.. known.OrderBy(cell => Math.Abs(Probit(cell.Power) - Probit(wanted))).Take(Nearest)];
        (double at, double slope) = Fit.Line(
            [.. near.Select(cell => Math.Sqrt(cell.Patients))],
            [.. near.Select(cell => Probit(cell.Power))]
        );
        double root = slope > 0 ? (Probit(wanted) - at) / slope : Math.Sqrt(near[0].Patients);
        return Math.Clamp(
            (int)Math.Round(root * root),
            known.Min(cell => cell.Patients),
            known.Max(cell => cell.Patients)
        );
    }

    private static double Probit(double power) => Normal.InvCDF(0, 1, Math.Clamp(power, 0.001, 0.999));

    /// <summary>Returns a comparison with other numbers of patients and seeds; its patients have as many images as the
    /// real ones.</summary>
    private static PairedReadings Resized(PairedReadings paired, int patients, int seeds)
    {
        int[] imagesOf = [.. paired.Tables(0).Select(table => table.Images).Order()];
        Classification[] images =
        [
            .. Enumerable
                .Range(0, patients)
                .SelectMany(patient =>
                    Enumerable.Repeat(
                        new Classification(patient, 0, 0, []),
                        imagesOf[(int)((long)patient * imagesOf.Length / patients)]
                    )
                ),
        ];
        return paired with
        {
            Seeds = [.. Enumerable.Range(1, seeds).Select(seed => Invariant($"{seed}"))],
            Patients = patients,
            First = [images],
            Second = [images],
        };
    }
}
