namespace BreakHis.Plans.Checks;

/// <summary>What a split has on both of its sides.</summary>
internal static class SharedPatients
{
    /// <summary>Patients who are trained on and validated on, in ordinal order; patients not known are not counted.</summary>
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
