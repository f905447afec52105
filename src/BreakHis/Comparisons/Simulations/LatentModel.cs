using BreakHis.Statistics;

namespace BreakHis.Comparisons.Simulations;

/// <summary>
/// How results depend on each other: a result is right if a sum of normal numbers is below a threshold. Results of one
/// patient, image, seed or configuration share some of them. The members are the variances of these numbers; the rest up to
/// 1 belongs to a single result.
/// </summary>
/// <param name="Accuracy">The probability that a result is right, the mean of both configurations.</param>
/// <param name="Patient">Of a patient.</param>
/// <param name="PatientAndConfiguration">Of a patient with one configuration.</param>
/// <param name="PatientAndSeed">Of a patient with one seed.</param>
/// <param name="PatientAndRun">Of a patient with one seed of one configuration.</param>
/// <param name="Seed">Of a seed.</param>
/// <param name="Run">Of a seed of one configuration.</param>
/// <param name="Image">Of an image.</param>
/// <param name="ImageAndConfiguration">Of an image with one configuration.</param>
/// <param name="ImageAndSeed">Of an image with one seed.</param>
/// <remarks>Emrich and Piedmonte 1991, The American Statistician 45:302-304, draw correlated binary numbers in this way.
/// The variances are estimated by the method of moments: each kind of pair of results is right together as often as
/// observed.</remarks>
internal sealed record LatentModel(
    double Accuracy,
    double Patient,
    double PatientAndConfiguration,
    double PatientAndSeed,
    double PatientAndRun,
    double Seed,
    double Run,
    double Image,
    double ImageAndConfiguration,
    double ImageAndSeed
)
{
    private const double Most = 0.999;

    /// <summary>The variance of what a result shares with no other one.</summary>
    public double Rest =>
        1
        - Patient
        - PatientAndConfiguration
        - PatientAndSeed
        - PatientAndRun
        - Seed
        - Run
        - Image
        - ImageAndConfiguration
        - ImageAndSeed;

    /// <summary>Estimates the model from a comparison. With one seed, nothing is known about seeds, and their variances
    /// are zero.</summary>
    public static LatentModel Of(PairedReadings paired)
    {
        var pairs = PairMoments.Of(paired);
        double accuracy = Math.Clamp(pairs.Accuracy, 1.0 / paired.Images, 1 - (1.0 / paired.Images));
        double Shared(double covariance) =>
            BivariateNormal.Correlation(accuracy, (accuracy * accuracy) + Math.Max(0, covariance));

        // What pairs share that differ only in what is named, from the least to the most.
        double seed = Shared(pairs.OtherPatient(sameSeed: true, sameConfiguration: false));
        double run = Shared(pairs.OtherPatient(sameSeed: true, sameConfiguration: true));
        double[] patient =
        [
            Shared(pairs.OtherImage(sameSeed: false, sameConfiguration: false)),
            Shared(pairs.OtherImage(sameSeed: false, sameConfiguration: true)),
            Shared(pairs.OtherImage(sameSeed: true, sameConfiguration: false)),
            Shared(pairs.OtherImage(sameSeed: true, sameConfiguration: true)),
        ];
        double[] image =
        [
            Shared(pairs.SameImage(sameSeed: false, sameConfiguration: false)),
            paired.Seeds.Count == 1 ? 0 : Shared(pairs.SameImage(sameSeed: false, sameConfiguration: true)),
            Shared(pairs.SameImage(sameSeed: true, sameConfiguration: false)),
        ];
        double[] parts =
        [
            patient[0],
            patient[1] - patient[0],
            patient[2] - patient[0] - seed,
            patient[3] - patient[2] - patient[1] + patient[0] - (run - seed),
            seed,
            run - seed,
            image[0] - patient[0],
            image[1] - image[0] - (patient[1] - patient[0]),
            image[2] - image[0] - (patient[2] - patient[0]),
        ];
        parts = [.. parts.Select(part => Math.Max(0, part))];
        double scale = Math.Min(1, Most / parts.Sum());
        return new LatentModel(
            accuracy,
            scale * parts[0],
            scale * parts[1],
            scale * parts[2],
            scale * parts[3],
            scale * parts[4],
            scale * parts[5],
            scale * parts[6],
            scale * parts[7],
            scale * parts[8]
        );
    }
}
