namespace BreakHis.Comparisons;

/// <summary>An image as one configuration classified it.</summary>
/// <param name="Patient">The patient, or an empty string if unknown.</param>
/// <param name="Truth">The index of its class.</param>
/// <param name="Predicted">The most probable class.</param>
/// <param name="Probabilities">One probability per class.</param>
internal sealed record ReadImage(string Patient, int Truth, int Predicted, IReadOnlyList<float> Probabilities);

/// <summary>
/// All images that a configuration classified with one seed, pooled over its folds: one reader in the terms of
/// diagnostic imaging.
/// </summary>
/// <param name="Seed">The seed, with the seed of the split if several were used.</param>
/// <param name="Folds">The folds, in order; empty without folds.</param>
/// <param name="Runs">The IDs of the runs, one per fold.</param>
/// <param name="Images">The images by path and SHA-256.</param>
/// <param name="Weights">SHA-256 of the weights that the runs kept, in the order of the runs.</param>
internal sealed record Reading(
    string Seed,
    IReadOnlyList<string> Folds,
    IReadOnlyList<string> Runs,
    IReadOnlyDictionary<string, ReadImage> Images,
    string Weights
);

/// <summary>The readings of a configuration, and the runs that gave none.</summary>
/// <param name="All">One reading per seed, in the order in which the seeds were first used.</param>
/// <param name="Missing">Why runs do not count, one line each.</param>
internal sealed record Readings(IReadOnlyList<Reading> All, IReadOnlyList<string> Missing);
