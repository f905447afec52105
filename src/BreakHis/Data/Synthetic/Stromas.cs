namespace BreakHis.Data.Synthetic;

/// <summary>Connective tissues of a patient.</summary>
internal static class Stromas
{
    /// <summary>Returns dense collagen.</summary>
    internal static Stroma Fibrous(Patient patient) =>
        new()
        {
            Eosin = 0.5 + 0.35 * patient.Collagen,
            Haematoxylin = 0.1,
            Openness = 0.15 + 0.35 * patient.Openness,
            Cellularity = 1.3,
        };

    /// <summary>Returns loose, pale, slightly bluish tissue.</summary>
    internal static Stroma Loose(Patient patient) =>
        new()
        {
            Eosin = 0.26 + 0.2 * patient.Collagen,
            Haematoxylin = 0.13,
            Openness = 0.2 + 0.3 * patient.Openness,
            BundleWidth = 5,
            Cellularity = 2.5,
        };
}
