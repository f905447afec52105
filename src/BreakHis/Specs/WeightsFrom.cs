using BreakHis.Specs.Shapes;

namespace BreakHis.Specs;

/// <summary>Where the backbone's weights come from.</summary>
/// <param name="Given">
/// <c>imagenet</c>, <c>none</c>, the name of weights in the weights folder, or a weights file or folder, relative to the
/// spec; or null.
/// </param>
/// <param name="Run">The run whose fine_tune stage kept the weights, by ID or by the name of its spec; or null.</param>
[ExactlyOne(FirstIsPlain = true)]
public sealed record WeightsFrom(
    [property: MayHoldVariables, Form("[^ ]", "imagenet, none, a name or a path")] string? Given,
    [property: Form("^[^@]*[^@ ]", "the ID of a run or the name of its spec")] string? Run
)
{
    /// <summary>The word for the backbone's published weights.</summary>
    internal const string ImageNetWord = "imagenet";

    /// <summary>The word for weights drawn from the seed.</summary>
    internal const string DrawnWord = "none";

    /// <summary>The backbone's published weights.</summary>
    public static WeightsFrom ImageNet { get; } = Of(ImageNetWord);

    /// <summary>Weights drawn from the seed.</summary>
    public static WeightsFrom Drawn { get; } = Of(DrawnWord);

    /// <summary>Weights given by a word, a name or a path.</summary>
    public static WeightsFrom Of(string given) => new(given, Run: null);

    /// <summary>The path, or null: names have no slashes, dots or variables.</summary>
    internal string? Path => Given?.IndexOfAny(['/', '\\', '.', '$']) >= 0 ? Given : null;

    /// <summary>The most characters of a name.</summary>
    internal const int LongestName = 64;

    /// <summary>
    /// Whether a text can be the name of weights: letters, digits, hyphens and underscores, among them a letter, because
    /// a number would not be text in YAML. A hyphen at the beginning would make it an option of a command.
    /// </summary>
    internal static bool IsName(string text) =>
        text.Length <= LongestName
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        && text.Any(char.IsAsciiLetter)
        && !text.StartsWith('-');
}
