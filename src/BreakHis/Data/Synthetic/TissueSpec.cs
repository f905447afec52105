namespace BreakHis.Data.Synthetic;

/// <summary>What synthetic data to make. The same numbers give the same files, byte for byte, everywhere.</summary>
/// <param name="PatientsPerSubtype">Patients of each of the eight subtypes, one slide each; at least 1.</param>
/// <param name="ImagesPerPatient">Images of each patient at each magnification; 1 to 999.</param>
/// <param name="Width">Pixels across; the field of view, in micrometres, does not depend on it.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Magnifications">Some of 40, 100, 200 and 400.</param>
/// <param name="Seed">Everything random derives from it.</param>
internal sealed record TissueSpec(
    int PatientsPerSubtype,
    int ImagesPerPatient,
    int Width,
    int Height,
    IReadOnlyList<int> Magnifications,
    long Seed
);

/// <summary>One image of the synthetic data.</summary>
/// <param name="Path">Its path in the official layout, relative, with '/' between the parts.</param>
/// <param name="Subtype">A, F, PT, TA (benign), DC, LC, MC or PC (malignant).</param>
/// <param name="Slide">The slide's number, which is also the patient's.</param>
/// <param name="Magnification">40, 100, 200 or 400.</param>
/// <param name="Sequence">The running number within slide and magnification, from 1.</param>
internal sealed record SlideImage(string Path, string Subtype, string Slide, int Magnification, int Sequence);
