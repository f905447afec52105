namespace BreakHis.Plans.Checks;

/// <summary>Finds what both sides of a split share.</summary>
internal static class SharedPatients
{
    /// <summary>
    /// Returns the patients with both training and validation images, in ordinal order; unknown patients are ignored.
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
}
