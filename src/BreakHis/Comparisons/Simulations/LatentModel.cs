using BreakHis.Statistics;

namespace BreakHis.Comparisons.Simulations;

/// <summary>
/// How results depend on each other: a result is right if a sum of normal numbers is below a threshold. Results of one
/// patient, image or seed share some of them. The members are the variances of these numbers; the rest up to 1 belongs to
/// a single result.
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
        double accuracy = Math.Clamp(pairs.Accuracy, 0.5 / paired.Images, 1 - (0.5 / paired.Images));
        double Shared(double covariance) =>
            BivariateNormal.Correlation(accuracy, (accuracy * accuracy) + Math.Max(0, covariance));

        // The correlations of pairs that share what is named.
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
            Shared(pairs.SameImage(sameSeed: false, sameConfiguration: true)),
            Shared(pairs.SameImage(sameSeed: true, sameConfiguration: false)),
        ];
        // Each takes what those before it leave, so that together they are what was observed, as far as that is possible.
        static double Left(double all, params double[] taken) => Math.Max(0, all - taken.Sum());
        double ofPatient = patient[0];
        double withConfiguration = Left(patient[1], ofPatient);
        double withSeed = Left(patient[2], ofPatient, seed);
        double ofRun = Left(run, seed);
        double ofImage = Left(image[0], ofPatient);
        double[] parts =
        [
            ofPatient,
            withConfiguration,
            withSeed,
            Left(patient[3], ofPatient, withConfiguration, withSeed, seed, ofRun),
            seed,
            ofRun,
            ofImage,
            Left(image[1], ofPatient, withConfiguration, ofImage),
            Left(image[2], ofPatient, withSeed, seed, ofImage),
        ];
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
