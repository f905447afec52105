using BreakHis.SecretSearch;
using BreakHis.Specs.Problems;

namespace BreakHis.Specs.Reading;

/// <summary>
/// Refuses specs that contain what looks like a secret. A spec is recorded and hashed, so nothing in it can be withheld.
/// </summary>
internal static class SpecSecrets
{
    /// <summary>Returns one problem per setting of a tree that seems to contain a secret.</summary>
    public static IEnumerable<Problem> In(MappingNode tree) =>
        tree
            .Entries.Where(entry => !entry.Key.StartsWith(SpecReader.AnchorPrefix, StringComparison.Ordinal))
            .SelectMany(entry => In(entry.Value, entry.Key));

    /// <summary>Returns the problem of a text of a spec, or null.</summary>
    /// <param name="path">The dotted path of the setting.</param>
    public static Problem? In(string text, string path, Place place) =>
        Secrets.FindInSpec(text) is string kind
            ? Shown(place).Problem(ProblemCodes.Confidential, $"{path}: {Wrong(kind)}")
            : null;

    /// <summary>Returns the problem of a spec whose own path seems to contain a secret; the message omits it.</summary>
    public static Problem OfFileName(string kind) =>
        new(ProblemCodes.Confidential, $"the path of the spec {Wrong(kind)}", Secrets.Withheld, 0, 0);

    /// <summary>Returns the message about a secret.</summary>
    public static string Wrong(string kind) =>
        $"seems to contain {kind}, which the ledger would record for ever; remove it from the spec, or rename the path";

    // The name of an override contains its value.
    private static Place Shown(Place place) =>
        place with
        {
            Source = place.Source with { Name = Secrets.Shown(place.Source.Name) },
        };

    private static IEnumerable<Problem> In(SpecNode node, string path) =>
        node switch
        {
            ScalarNode scalar => In(scalar.Text, path, scalar.Place) is { } problem ? [problem] : [],
            SequenceNode sequence => sequence.Items.SelectMany(item => In(item, path)),
            MappingNode mapping => mapping.Entries.SelectMany(entry => In(entry.Value, $"{path}.{entry.Key}")),
            _ => [],
        };
}
