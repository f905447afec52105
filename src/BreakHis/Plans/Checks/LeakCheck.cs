using System.Diagnostics;
using System.Text.Json.Serialization;

namespace BreakHis.Plans.Checks;

/// <summary>The outcome of one leak check.</summary>
internal enum LeakVerdict
{
    /// <summary>Checked; nothing found.</summary>
    Clean,

    /// <summary>A possible leak.</summary>
    Doubt,

    /// <summary>The sides share patients or images, or have nearly identical images.</summary>
    Leak,

    /// <summary>Could not be checked.</summary>
    NotChecked,
}

/// <summary>A check of a split for leaks between its sides.</summary>
/// <param name="Name">The subject, such as <see cref="Patients"/>.</param>
/// <param name="Verdict">The outcome; "finding" in JSON.</param>
/// <param name="Text">The finding, on one line.</param>
internal sealed record LeakCheck(string Name, [property: JsonPropertyName("finding")] LeakVerdict Verdict, string Text)
{
    /// <summary>The name of the check for patients on several sides.</summary>
    public const string Patients = "patients";

    /// <summary>The name of the check for slides with the same number on several sides.</summary>
    public const string Roots = "roots";

    /// <summary>The name of the check for slides under several subtypes.</summary>
    public const string Labels = "labels";

    /// <summary>The name of the check for identical files on several sides.</summary>
    public const string Files = "files";

    /// <summary>The name of the check for identical pixels on several sides.</summary>
    public const string Pixels = "pixels";

    /// <summary>The name of the check for nearly identical images on several sides.</summary>
    public const string NearDuplicates = "near_duplicates";

    /// <summary>The name of the check for images that the weights of a run were trained on.</summary>
    public const string Weights = "weights";

    /// <summary>Returns a name as sentences use it, such as near-duplicates.</summary>
    public static string Title(string name) => name == Roots ? "slides with the same number" : name.Replace('_', '-');

    /// <summary>The outcome in words: clean, doubt, leak or not checked.</summary>
    public string Word => WordOf(Verdict);

    /// <summary>Returns outcome and finding, on one line.</summary>
    public string Line() => $"{Word}: {Text}";

    /// <summary>An outcome in words: clean, doubt, leak or not checked.</summary>
    public static string WordOf(LeakVerdict verdict) =>
        verdict switch
        {
            LeakVerdict.Clean => "clean",
            LeakVerdict.Doubt => "doubt",
            LeakVerdict.Leak => "leak",
            LeakVerdict.NotChecked => "not checked",
            _ => throw new UnreachableException($"unknown: {verdict}"),
        };
}
