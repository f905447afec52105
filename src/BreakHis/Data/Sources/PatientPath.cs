using System.Text.RegularExpressions;
using BreakHis.Specs;
using BreakHis.Wording;

namespace BreakHis.Data.Sources;

/// <summary>Finds the patient of an image in its path, as the spec's rule says.</summary>
internal sealed class PatientPath
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly int _level;
    private readonly Regex? _pattern;

    private PatientPath(int level, Regex? pattern) => (_level, _pattern) = (level, pattern);

    /// <summary>Prepares a rule.</summary>
    /// <exception cref="ArgumentException">The pattern is not a regular expression.</exception>
    public static PatientPath Of(PatientRule rule) =>
        new(rule.Level ?? 0, rule.Pattern is null ? null : Compiled(rule.Pattern));

    /// <summary>
    /// Returns the patient of an image. The path is read in Unicode's form NFC: macOS and other systems write the same
    /// name differently.
    /// </summary>
    /// <param name="path">The path below data.path, with forward slashes.</param>
    /// <exception cref="DataException">The path has no patient.</exception>
    public string In(string path)
    {
        string composed = Composed.Of(path);
        return _pattern is null ? Folder(composed) : Matched(composed, _pattern);
    }

    private string Folder(string path)
    {
        string[] parts = path.Split('/');
        return parts.Length > _level
            ? parts[_level - 1]
            : throw Without($"{path} is not in a folder at level {_level}, so its patient is unknown");
    }

    /// <summary>The first group, if the pattern has one; otherwise the whole match.</summary>
    private static string Matched(string path, Regex pattern)
    {
        Match match = pattern.Match(path);
        string patient = match.Groups.Count > 1 ? match.Groups[1].Value : match.Value;
        return patient.Length > 0 ? patient : throw Without($"the pattern finds no patient in {path}");
    }

    private static DataException Without(string message) => new(message) { Setting = "data.patient" };

    private static Regex Compiled(string pattern) => new(Composed.Of(pattern), PatientRule.PatternOptions, Longest);
}
