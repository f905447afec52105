using System.Text.RegularExpressions;

namespace BreakHis.Specs.Reading;

/// <summary>Environment variables in paths, written <c>${NAME}</c>, and <c>~/</c> for the user's folder.</summary>
internal static partial class PathVariables
{
    public const string NotHere = "variables are allowed only in data.path, data.split.file and model.weights";

    public static bool Has(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Returns the text with its variables replaced, or null and the error.</summary>
    public static (string? Text, string? Wrong) Expand(string text, Func<string, string?> variable)
    {
        if (text.StartsWith('~'))
        {
            text = text is "~" || text.StartsWith("~/", StringComparison.Ordinal) ? "${HOME}" + text[1..] : text;
            if (text.StartsWith('~'))
            {
                return (null, $"'{text}': only ~/ is understood; write ./{text} for a folder with this name");
            }
        }

        string? wrong = null;
        string expanded = Variable()
            .Replace(
                text,
                match =>
                {
                    string name = match.Groups["name"].Value;
                    if (variable(name) is { Length: > 0 } value)
                    {
                        return value;
                    }

                    wrong ??= $"the environment variable {name} is not set";
                    return "";
                }
            );
        if (wrong is null && Variable().Count(text) != text.Split("${").Length - 1)
        {
            wrong = $"'{text}' has a ${{ without a variable; expected ${{VARIABLE}}";
        }

        return wrong is null ? (expanded, null) : (null, wrong);
    }

    [GeneratedRegex(@"\$\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
