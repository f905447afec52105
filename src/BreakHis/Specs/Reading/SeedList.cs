using System.Globalization;
using BreakHis.Specs.Problems;
using BreakHis.Wording;

namespace BreakHis.Specs.Reading;

/// <summary>Seeds in the format of the command line: <c>1..5</c>, <c>1,3,7</c>, or both combined.</summary>
internal static class SeedList
{
    /// <summary>Parses a list of seeds.</summary>
    /// <param name="text">The argument of <c>--seeds</c>.</param>
    /// <returns>The distinct seeds in the given order, or a problem.</returns>
    public static (IReadOnlyList<long> Seeds, Problem? Problem) Parse(string text)
    {
        List<long> seeds = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split("..");
            if (ends.Length > 2 || !Whole(ends[0], out long first) || !Whole(ends[^1], out long last))
            {
                return Refuse($"'{part}' is not an integer or a range such as 1..5");
            }

            if (last < first)
            {
                return Refuse($"'{part}' counts down; expected a range such as 1..5");
            }

            if ((ulong)(last - first) >= SpecReader.MostVariants)
            {
                return Refuse($"'{part}' has more than {SpecReader.MostVariants} seeds");
            }

            for (long i = 0L; i <= last - first; i++)
            {
                seeds.Add(first + i);
            }
        }

        return seeds.Count > SpecReader.MostVariants ? Refuse($"more than {SpecReader.MostVariants} seeds")
            : seeds.Distinct().Count() < seeds.Count ? Refuse("a seed is given twice")
            : (seeds, null);

        (IReadOnlyList<long>, Problem?) Refuse(string what) =>
            ([], new Problem(ProblemCodes.BadOverride, what, $"--seeds {text}", 1, 1));
    }

    internal static SpecOverride Override(IReadOnlyList<long> seeds)
    {
        var texts = seeds.Select(s => Digits.Of(s)).ToList();
        var place = new Place(new SpecSource($"--seeds {string.Join(',', texts)}", ""), 1, 1);
        return new(
            [SpecPaths.Seeds],
            new SequenceNode(place, [.. texts.Select(t => new ScalarNode(place, t, IsPlain: true))])
        );
    }

    private static bool Whole(string text, out long whole) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole);
}
