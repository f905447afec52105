namespace BreakHis.Data.Synthetic;

/// <summary>Epithelia of a patient.</summary>
internal static class Epithelia
{
    /// <summary>A thickness that leaves no lumen.</summary>
    private const double Solid = 10_000;

    /// <summary>Returns the epithelium of a benign gland: one row of uniform, oval nuclei.</summary>
    internal static Epithelium Glandular(Patient patient) =>
        new()
        {
            Thickness = 11,
            Rows = 1,
            NucleusLength = 7.6,
            NucleusWidth = 5.6,
            Spacing = 5.6,
            Darkness = 1.05,
            Haematoxylin = 0.34,
            Myoepithelium = true,
            Secretion = 0.6 * patient.Habit,
        };

    /// <summary>Returns the epithelium of a carcinoma: no order, and more atypia at higher grades.</summary>
    internal static Epithelium Malignant(Patient patient) =>
        new()
        {
            Thickness = Solid,
            Rows = 0,
            NucleusLength = 8 + 3.5 * patient.Grade,
            NucleusWidth = 6.8 + 2.6 * patient.Grade,
            Spacing = 8.4 + 3.4 * patient.Grade,
            Pleomorphism = 0.14 + 0.14 * patient.Grade,
            Irregularity = 0.18 + 0.15 * patient.Grade,
            Darkness = 1.1,
            Nucleolus = 0.3 + 0.4 * patient.Grade,
            Eosin = 0.45,
            Haematoxylin = 0.3,
        };
}
