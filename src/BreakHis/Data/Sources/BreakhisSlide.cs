using System.Text.RegularExpressions;

namespace BreakHis.Data.Sources;

/// <summary>The ID of a slide as BreaKHis publishes it: year, number and letters, such as 14-22549AB.</summary>
internal static partial class BreakhisSlide
{
    /// <summary>The regular expression of an ID; the group root is year and number.</summary>
    public const string Pattern = "(?<root>[0-9]{2}-[0-9]+)[A-Z]*";

    /// <summary>Returns whether a patient is a slide in the form of BreaKHis.</summary>
    public static bool Is(string patient) => Slide().IsMatch(patient);

    /// <summary>
    /// Returns the slide's number without its letters, such as 14-22549 for 14-22549AB; the patient if it is not a
    /// BreaKHis slide.
    /// </summary>
    public static string RootOf(string patient) =>
        Slide().Match(patient) is { Success: true } slide ? slide.Groups["root"].Value : patient;

    [GeneratedRegex(
        $@"^{Pattern}\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Slide();
}
