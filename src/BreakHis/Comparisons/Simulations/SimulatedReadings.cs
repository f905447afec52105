using BreakHis.Numerics;
using BreakHis.Statistics;
using MathNet.Numerics.Distributions;

namespace BreakHis.Comparisons.Simulations;

/// <summary>Draws what a comparison might have found: the same numbers of patients, images and seeds, other results.</summary>
/// <param name="like">The comparison.</param>
/// <param name="model">How results depend on each other.</param>
/// <param name="newSeeds">Whether seeds are drawn again too, for tests that apply to new seeds.</param>
internal sealed class SimulatedReadings(PairedReadings like, LatentModel model, bool newSeeds)
{
    private readonly int[] _patientOf = [.. like.First[0].Select(image => image.Patient)];

    private readonly Classification[] _right =
    [
        .. Enumerable.Range(0, like.Patients).Select(patient => new Classification(patient, 0, 0, [])),
    ];

    private readonly Classification[] _wrong =
    [
        .. Enumerable.Range(0, like.Patients).Select(patient => new Classification(patient, 0, 1, [])),
    ];

    private readonly double _all = newSeeds ? 1 : 1 - model.Seed - model.Run;

    /// <summary>Draws results. Both accuracies are moved if one of them would be impossible.</summary>
    /// <param name="difference">The true difference in accuracy, second minus first, 0 to 1.</param>
    public PairedReadings Draw(double difference, RandomStream random)
    {
        double middle = Middle(difference);
        int seeds = like.Seeds.Count;
        double[] seed = Draws(random, newSeeds ? model.Seed : 0, seeds);
        double[][] run = [.. Each(() => Draws(random, newSeeds ? model.Run : 0, seeds))];
        double[] patient = Draws(random, model.Patient, like.Patients);
        double[][] patientAndConfiguration =
        [
            .. Each(() => Draws(random, model.PatientAndConfiguration, like.Patients)),
        ];
        double[] patientAndSeed = Draws(random, model.PatientAndSeed, like.Patients * seeds);
        double[][] patientAndRun = [.. Each(() => Draws(random, model.PatientAndRun, like.Patients * seeds))];
        int images = _patientOf.Length;
        double[] image = Draws(random, model.Image, images);
        double[][] imageAndConfiguration = [.. Each(() => Draws(random, model.ImageAndConfiguration, images))];
        double[] imageAndSeed = Draws(random, model.ImageAndSeed, images * seeds);
        IReadOnlyList<IReadOnlyList<Classification>>[] drawn =
        [
            Drawn(Threshold(middle - (difference / 2)), 0),
            Drawn(Threshold(middle + (difference / 2)), 1),
        ];
        return like with { First = drawn[0], Second = drawn[1] };

        IReadOnlyList<IReadOnlyList<Classification>> Drawn(double threshold, int configuration) =>
            [
                .. Enumerable
                    .Range(0, seeds)
                    .Select(s =>
                    {
                        double[] rest = Draws(random, model.Rest, images);
                        return (IReadOnlyList<Classification>)
                            [
                                .. _patientOf.Select(
                                    (p, i) =>
                                        seed[s]
                                            + run[configuration][s]
                                            + patient[p]
                                            + patientAndConfiguration[configuration][p]
                                            + patientAndSeed[(s * like.Patients) + p]
                                            + patientAndRun[configuration][(s * like.Patients) + p]
                                            + image[i]
                                            + imageAndConfiguration[configuration][i]
                                            + imageAndSeed[(s * images) + i]
                                            + rest[i]
                                        < threshold
                                            ? _right[p]
                                            : _wrong[p]
                                ),
                            ];
                    }),
            ];
    }

    private double Middle(double difference)
    {
        double least = (difference / 2) + Math.Min(1.0 / _patientOf.Length, (1 - difference) / 4);
        return Math.Clamp(model.Accuracy, least, 1 - least);
    }

    /// <summary>The threshold at which a result is right with a probability.</summary>
    private double Threshold(double accuracy) => Normal.InvCDF(0, 1, accuracy) * Math.Sqrt(_all);

    private static IEnumerable<double[]> Each(Func<double[]> draw)
    {
        yield return draw();
        yield return draw();
    }

    /// <summary>Returns normal numbers with a variance.</summary>
    private static double[] Draws(RandomStream random, double variance, int count)
    {
        double[] numbers = new double[count];
        if (variance > 0)
        {
            NormalNumbers.Draw(random, numbers);
            double scale = Math.Sqrt(variance);
            for (int i = 0; i < count; i++)
            {
                numbers[i] *= scale;
            }
        }

        return numbers;
    }
}
