namespace BreakHis.Specs.Problems;

/// <summary>Finds the name that the user probably meant.</summary>
internal static class NearestName
{
    /// <summary>Returns the nearest name by edit distance, or null if none is near.</summary>
    /// <param name="given">The text that the user wrote.</param>
    public static string? Of(string given, IEnumerable<string> names) =>
        names
            .Select(name => (Name: name, Distance: Far(Plain(given), Plain(name))))
            .Where(n => n.Distance <= Math.Clamp(n.Name.Length / 3, 1, 3))
            .OrderBy(n => n.Distance)
            .ThenBy(n => n.Name, StringComparer.Ordinal)
            .FirstOrDefault()
            .Name;

    /// <summary>Returns a "did you mean" question to append to a message, or an empty string.</summary>
    /// <param name="given">The text that the user wrote.</param>
    public static string Question(string given, IEnumerable<string> names) =>
        Of(given, names) is { } name ? $"; did you mean '{name}'?" : "";

    // A part of a name is near to the name: accuracy to validation_accuracy.
    private static int Far(string given, string name) =>
        given.Length >= 4 && name.Contains(given, StringComparison.Ordinal) ? 1 : Distance(given, name);

    // batchSize, batch-size and batch size are all near to batch_size. No name is longer than 64 characters.
    private static string Plain(string name) =>
        string.Concat(name.Take(64).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>
    /// Returns the number of substitutions, insertions, deletions and swaps of neighbours that turn one word into the
    /// other.
    /// </summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                d[i, j] =
                    i == 0 || j == 0
                        ? i + j
                        : Math.Min(
                            d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1),
                            Math.Min(d[i - 1, j], d[i, j - 1]) + 1
                        );
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
