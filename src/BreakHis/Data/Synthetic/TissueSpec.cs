namespace BreakHis.Data.Synthetic;

/// <summary>
/// The synthetic data to generate. The same numbers give the same files, byte for byte, on every machine.
/// </summary>
/// <param name="PatientsPerSubtype">Number of patients of each of the eight subtypes, with one slide each; at least
/// 1.</param>
/// <param name="ImagesPerPatient">Number of images per patient and magnification; 1 to 999.</param>
/// <param name="Width">Width in pixels; the field of view, in micrometres, does not depend on it.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Magnifications">Any of 40, 100, 200 and 400.</param>
/// <param name="Seed">The seed from which everything random derives.</param>
internal sealed record TissueSpec(
    int PatientsPerSubtype,
    int ImagesPerPatient,
    int Width,
    int Height,
    IReadOnlyList<int> Magnifications,
    long Seed
);

/// <summary>One image of the synthetic data.</summary>
/// <param name="Path">The relative path in the official layout, with forward slashes.</param>
/// <param name="Subtype">A, F, PT, TA (benign), DC, LC, MC or PC (malignant).</param>
/// <param name="Slide">The slide's number, which is also the patient's.</param>
/// <param name="Magnification">40, 100, 200 or 400.</param>
/// <param name="Sequence">The running number within slide and magnification, counted from 1.</param>
internal sealed record SlideImage(string Path, string Subtype, string Slide, int Magnification, int Sequence);
