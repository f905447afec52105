using BreakHis.Data;

namespace BreakHis.Plans.Checks;

/// <summary>Finds what the sides of a split share.</summary>
internal static class SharedPatients
{
    /// <summary>
    /// Returns the patients with images on a side and on one of the sides before it: training, validation, test.
    /// </summary>
    public static IReadOnlyList<string> With(IEnumerable<PlannedImage> images, Side side) =>
        [.. Patients(images.Where(image => image.Side <= side)).Intersect(On(images, side), StringComparer.Ordinal)];

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

    private static IEnumerable<string> On(IEnumerable<PlannedImage> images, Side side) =>
        images.Where(image => image.Side == side).Select(image => image.Patient);
}
