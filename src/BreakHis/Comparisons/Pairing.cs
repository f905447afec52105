using BreakHis.Specs.Problems;
using BreakHis.Statistics;
using BreakHis.Wording;

namespace BreakHis.Comparisons;

/// <summary>Finds the seeds and images that two configurations share.</summary>
internal static class Pairing
{
    /// <summary>Pairs readings.</summary>
    /// <param name="notes">Receives what was left out and why, one line each.</param>
    /// <exception cref="InputException">They share no seed or no image.</exception>
    public static PairedReadings Of(Readings first, Readings second, List<string> notes)
    {
        string[] folds = [.. first.All.Concat(second.All).SelectMany(r => r.Folds).Distinct(StringComparer.Ordinal)];
        List<(Reading First, Reading Second)> pairs = [];
        var ofFirst = new HashSet<string>(StringComparer.Ordinal);
        var ofSecond = new HashSet<string>(StringComparer.Ordinal);
        foreach (string seed in first.All.Concat(second.All).Select(r => r.Seed).Distinct(StringComparer.Ordinal))
        {
            Reading? a = first.All.FirstOrDefault(r => r.Seed == seed);
            Reading? b = second.All.FirstOrDefault(r => r.Seed == seed);
            if (a is null || b is null)
            {
                notes.Add($"seed {seed} is left out: only one configuration has it");
            }
            else if ((Lacking(folds, a) ?? Lacking(folds, b)) is string lacking)
            {
                notes.Add($"seed {seed} is left out: it {lacking}");
            }
            // Both are added: the weights of each configuration count once.
            else if (IsNew(a, ofFirst) & IsNew(b, ofSecond))
            {
                pairs.Add((a, b));
            }
            else
            {
                notes.Add($"seed {seed} is left out: it kept the same weights as a seed before");
            }
        }

        return pairs.Count == 0
            ? throw new InputException(
                ProblemCodes.NotComparable,
                $"no seed has finished runs of both: {string.Join("; ", first.Missing.Concat(second.Missing).Concat(notes).Distinct(StringComparer.Ordinal))}"
            )
            : Paired(pairs, notes);
    }

    private static bool IsNew(Reading reading, HashSet<string> weights) =>
        reading.Weights.Length == 0 || weights.Add(reading.Weights);

    private static string? Lacking(string[] folds, Reading reading) =>
        folds.Except(reading.Folds, StringComparer.Ordinal).ToArray() is { Length: > 0 } missing
            ? $"lacks {Plural.Word(missing.Length, "fold")} {Listing.Words(missing)}"
            : null;

    private static PairedReadings Paired(List<(Reading First, Reading Second)> pairs, List<string> notes)
    {
        Reading[] all = [.. pairs.SelectMany(pair => (Reading[])[pair.First, pair.Second])];
        string[] shared =
        [
            .. all[0]
                .Images.Keys.Where(image => Array.TrueForAll(all, r => r.Images.ContainsKey(image)))
                .Order(StringComparer.Ordinal),
        ];
        if (shared.Length == 0)
        {
            throw new InputException(
                ProblemCodes.NotComparable,
                "the two have no image in common, so they cannot be compared image by image"
            );
        }

        int any = all.SelectMany(r => r.Images.Keys).Distinct(StringComparer.Ordinal).Count();
        if (shared.Length < any)
        {
            notes.Add(
                $"{any - shared.Length} of {Plural.Of(any, "image")} {Plural.Word(any - shared.Length, "does", "do")} not count: not all runs classified them"
            );
        }

        string[] patients = [.. shared.Select(image => all[0].Images[image].Patient)];
        int unknown = patients.Count(patient => patient.Length == 0);
        if (unknown > 0)
        {
            notes.Add(
                unknown == shared.Length
                    ? "no patient is known, so images were taken as independent of each other; images of one patient are not, and then intervals are too short"
                    : $"the patient of {Plural.Of(unknown, "image")} is unknown; each was taken as a patient of its own"
            );
        }

        int[] numbers = Numbers(patients);
        return new PairedReadings(
            [.. pairs.Select(pair => pair.First.Seed)],
            numbers.Max() + 1,
            unknown < shared.Length,
            [.. pairs.Select(pair => Classified(pair.First, shared, numbers))],
            [.. pairs.Select(pair => Classified(pair.Second, shared, numbers))]
        )
        {
            Paths = shared,
        };
    }

    /// <summary>The number of each image's patient; an image of an unknown one has its own.</summary>
    private static int[] Numbers(string[] patients)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] numbers = new int[patients.Length];
        for (int i = 0; i < patients.Length; i++)
        {
            string patient = patients[i].Length == 0 ? $"\n{i}" : patients[i];
            known.TryAdd(patient, known.Count);
            numbers[i] = known[patient];
        }

        return numbers;
    }

    private static Classification[] Classified(Reading reading, string[] images, int[] patients) =>
        [
            .. images
                .Select(image => reading.Images[image])
                .Zip(
                    patients,
                    (read, patient) =>
                        new Classification(
                            patient,
                            read.Truth,
                            read.Predicted,
                            [.. read.Probabilities.Select(p => (double)p)]
                        )
                ),
        ];
}
