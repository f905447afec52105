namespace BreakHis.Data;

/// <summary>Counts the patients of images; an empty name means that the patient is unknown.</summary>
internal static class KnownPatients
{
    /// <summary>Returns the number of different patients.</summary>
    /// <param name="patients">The patient of each image.</param>
    public static int Count(IEnumerable<string> patients) =>
        patients.Where(patient => patient.Length > 0).Distinct(StringComparer.Ordinal).Count();
}
