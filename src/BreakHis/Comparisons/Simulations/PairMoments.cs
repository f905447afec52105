using BreakHis.Statistics;

namespace BreakHis.Comparisons.Simulations;

/// <summary>
/// How much more often two results are right together than if they had nothing in common: for pairs that share the seed,
/// the configuration, the patient or the image.
/// </summary>
internal sealed class PairMoments
{
    private readonly Side[] _sides;
    private readonly long _images;
    private readonly long _pairsOfImages;
    private readonly long _pairsOfPatients;

    private PairMoments(Side[] sides, int[] imagesOf)
    {
        _sides = sides;
        _images = imagesOf.Sum();
        long squares = imagesOf.Sum(count => (long)count * count);
        _pairsOfImages = squares - _images;
        _pairsOfPatients = (_images * _images) - squares;
    }

    /// <summary>The mean accuracy.</summary>
    public double Accuracy => _sides.Average(side => (double)side.Total / _images);

    /// <summary>Counts the results of a comparison.</summary>
    public static PairMoments Of(PairedReadings paired)
    {
        int[] imagesOf = new int[paired.Patients];
        foreach (Classification image in paired.First[0])
        {
            imagesOf[image.Patient]++;
        }

        return new PairMoments(
            [
                .. paired.First.Select((images, seed) => Side.Of(images, seed, 0, paired.Patients)),
                .. paired.Second.Select((images, seed) => Side.Of(images, seed, 1, paired.Patients)),
            ],
            imagesOf
        );
    }

    /// <summary>The covariance of results of different patients.</summary>
    public double OtherPatient(bool sameSeed, bool sameConfiguration) =>
        HasSeeds && sameSeed ? Together(OfPatients, true, sameConfiguration) - Apart(sameConfiguration) : 0;

    /// <summary>The covariance of results of different images of a patient. If each has one, patients share nothing.</summary>
    public double OtherImage(bool sameSeed, bool sameConfiguration) =>
        _pairsOfImages == 0
            ? OtherPatient(sameSeed, sameConfiguration)
            : Together(OfImages, sameSeed, sameConfiguration) - Apart(sameConfiguration);

    /// <summary>The covariance of results of an image that differ in seed, configuration or both; 0 if there are none.</summary>
    public double SameImage(bool sameSeed, bool sameConfiguration) =>
        sameConfiguration && !HasSeeds
            ? 0
            : Together((a, b) => (double)Both(a, b) / _images, sameSeed, sameConfiguration) - Apart(sameConfiguration);

    private bool HasSeeds => Array.Exists(_sides, side => side.Seed > 0);

    /// <summary>How often results are right together that share neither patient nor, if there are several, seed.</summary>
    private double Apart(bool sameConfiguration) => Together(OfPatients, sameSeed: false, sameConfiguration);

    /// <summary>The mean over all pairs of a kind. With one seed, all pairs share it.</summary>
    private double Together(Func<Side, Side, double> of, bool sameSeed, bool sameConfiguration) =>
        (
            from a in _sides
            from b in _sides
            where (a.Seed == b.Seed) == (sameSeed || !HasSeeds)
            where (a.Configuration == b.Configuration) == sameConfiguration
            select of(a, b)
        ).Average();

    private double OfPatients(Side a, Side b) =>
        _pairsOfPatients == 0 ? 0 : (((double)a.Total * b.Total) - Products(a, b)) / _pairsOfPatients;

    private double OfImages(Side a, Side b) => (double)(Products(a, b) - Both(a, b)) / _pairsOfImages;

    private static long Products(Side a, Side b) => a.RightOf.Zip(b.RightOf, (x, y) => (long)x * y).Sum();

    private static long Both(Side a, Side b) => a.IsRight.Zip(b.IsRight, (x, y) => x && y ? 1L : 0).Sum();

    /// <summary>The results of one seed of one configuration.</summary>
    private sealed record Side(int Seed, int Configuration, bool[] IsRight, int[] RightOf, long Total)
    {
        public static Side Of(IReadOnlyList<Classification> images, int seed, int configuration, int patients)
        {
            int[] rightOf = new int[patients];
            foreach (Classification image in images)
            {
                rightOf[image.Patient] += image.IsCorrect ? 1 : 0;
            }

            return new Side(seed, configuration, [.. images.Select(image => image.IsCorrect)], rightOf, rightOf.Sum());
        }
    }
}
