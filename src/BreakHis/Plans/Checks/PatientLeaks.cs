using System.Text.RegularExpressions;
using BreakHis.Data;
using BreakHis.Wording;

namespace BreakHis.Plans.Checks;

/// <summary>Finds the patients that the sides of a split share, and says what that means.</summary>
internal static partial class PatientLeaks
{
    /// <summary>Returns the finding of the leak check before a run: who is shared.</summary>
    /// <param name="images">The images of a split that shares patients.</param>
    public static string Finding(IReadOnlyList<PlannedImage> images)
    {
        IReadOnlyList<string> shared = Patients(images);
        string count = Plural.Of(shared.Count, "patient is", "patients are");
        string some = Listing.Words(shared, LeakChecks.Shown);
        return $"{count} on {LeakChecks.Several(images)} of the split ({some}), so accuracy on unseen patients is probably lower than shown";
    }

    /// <summary>Returns the notice of a report after a run: how many are shared, per side.</summary>
    /// <param name="images">The images of a split that shares patients.</param>
    /// <param name="number">Writes a number.</param>
    /// <param name="counted">Writes a number with what it counts.</param>
    public static string Notice(
        IReadOnlyList<PlannedImage> images,
        Func<long, string> number,
        Func<long, string, string> counted
    ) =>
        string.Join(
            ", and ",
            (
                (string?[])[On(images, Side.Validation, number, counted), On(images, Side.Test, number, counted)]
            ).OfType<string>()
        )
        + ", with other images. Accuracy is overstated: the network may recognise the patient's slide instead of the "
        + "disease.";

    /// <summary>
    /// Returns the patients with images on several sides, in ordinal order; unknown patients are ignored.
    /// </summary>
    public static IReadOnlyList<string> Patients(IEnumerable<PlannedImage> images) =>
        [
            .. images
                .Where(image => image.Patient.Length > 0)
                .GroupBy(image => image.Patient, StringComparer.Ordinal)
                .Where(patient => patient.Select(image => image.Side).Distinct().Count() > 1)
                .Select(patient => patient.Key)
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>
    /// Returns the patients on several sides whose names differ only by case, blanks around them or leading zeros, such
    /// as P001 and p1, in ordinal order.
    /// </summary>
    public static IReadOnlyList<string> Alike(IEnumerable<PlannedImage> images) =>
        [
            .. images
                .Where(image => image.Patient.Length > 0)
                .GroupBy(image => LeadingZeros().Replace(Spelling.Of(image.Patient), ""), StringComparer.Ordinal)
                .Where(alike => alike.Select(image => image.Side).Distinct().Count() > 1)
                .Select(alike =>
                    alike
                        .Select(image => image.Patient)
                        .Distinct(StringComparer.Ordinal)
                        .Order(StringComparer.Ordinal)
                        .ToArray()
                )
                .Where(names => names.Length > 1)
                .Select(names => string.Join(" and ", names))
                .Order(StringComparer.Ordinal),
        ];

    [GeneratedRegex(@"(?<![0-9])0+(?=[0-9])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingZeros();

    private static string? On(
        IReadOnlyList<PlannedImage> images,
        Side side,
        Func<long, string> number,
        Func<long, string, string> counted
    )
    {
        int shared = With(images, side).Count;
        int patients = KnownPatients.Count(PatientsOn(images, side));
        string others = side == Side.Test ? "training or validation" : "training";
        return shared == 0
            ? null
            : $"{number(shared)} of {counted(patients, $"{Sides.Of(side)} patient")} {Plural.Word(shared, "is", "are")} also in {others}";
    }

    /// <summary>
    /// Returns the patients with images on a side and on one of the sides before it: training, validation, test.
    /// </summary>
    private static IReadOnlyList<string> With(IEnumerable<PlannedImage> images, Side side) =>
        [
            .. Patients(images.Where(image => image.Side <= side))
                .Intersect(PatientsOn(images, side), StringComparer.Ordinal),
        ];

    private static IEnumerable<string> PatientsOn(IEnumerable<PlannedImage> images, Side side) =>
        images.Where(image => image.Side == side).Select(image => image.Patient);
}
