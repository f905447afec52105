using BreakHis.Statistics;

namespace BreakHis.Comparisons;

/// <summary>Two configurations on the same images, under the same seeds.</summary>
/// <param name="Seeds">The seeds that count.</param>
/// <param name="Patients">The number of patients. An image of an unknown patient counts as a patient of its own.</param>
/// <param name="ArePatientsKnown">Whether any patient is known; if not, images are the units.</param>
/// <param name="First">Per seed, the images as the first configuration classified them, in one order for all.</param>
/// <param name="Second">The same for the second configuration.</param>
internal sealed record PairedReadings(
    IReadOnlyList<string> Seeds,
    int Patients,
    bool ArePatientsKnown,
    IReadOnlyList<IReadOnlyList<Classification>> First,
    IReadOnlyList<IReadOnlyList<Classification>> Second
)
{
    /// <summary>The paths of the images, with their hashes, in the same order.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>What is independent of each other: patients, or images if no patient is known.</summary>
    public string Unit => ArePatientsKnown ? "patient" : "image";

    /// <summary>The number of images.</summary>
    public int Images => First.Count == 0 ? 0 : First[0].Count;

    /// <summary>Returns the same with the first seeds only.</summary>
    public PairedReadings Until(int seeds) =>
        this with
        {
            Seeds = [.. Seeds.Take(seeds)],
            First = [.. First.Take(seeds)],
            Second = [.. Second.Take(seeds)],
        };

    /// <summary>Returns a table per patient: how often both, one or none were right, summed over seeds.</summary>
    /// <param name="seed">The index of the only seed to count; null for all.</param>
    public IReadOnlyList<PairTable> Tables(int? seed = null)
    {
        PairTable[] tables = [.. Enumerable.Repeat(new PairTable(0, 0, 0, 0), Patients)];
        foreach (int reader in seed is int one ? [one] : Enumerable.Range(0, Seeds.Count))
        {
            foreach ((Classification a, Classification b) in First[reader].Zip(Second[reader]))
            {
                tables[a.Patient] += (a.IsCorrect, b.IsCorrect) switch
                {
                    (true, true) => new PairTable(1, 0, 0, 0),
                    (true, false) => new PairTable(0, 1, 0, 0),
                    (false, true) => new PairTable(0, 0, 1, 0),
                    (false, false) => new PairTable(0, 0, 0, 1),
                };
            }
        }

        return tables;
    }
}
