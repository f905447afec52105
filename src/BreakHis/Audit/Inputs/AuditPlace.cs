using BreakHis.Runs;

namespace BreakHis.Audit.Inputs;

/// <summary>Where an audit looks for what runs were made from.</summary>
/// <param name="Home">The home folder, with the run folders.</param>
/// <param name="Folder">The folder the user is in; its git repository is the one that commits are looked for in.</param>
/// <param name="Data">The folder of the images, where it is no longer the recorded one; or null.</param>
/// <param name="Weights">The weights, where they are no longer at the recorded path; or null.</param>
/// <param name="WeightsAt">
/// SHA-256 over the content of weights at a path, as plans record it; null where there are none that can be read.
/// </param>
/// <param name="KnownWeights">The path of a backbone's weights that come with the tool or lie in the home folder, or null.</param>
internal sealed record AuditPlace(
    HomeFolder Home,
    string Folder,
    string? Data,
    string? Weights,
    Func<string, string?> WeightsAt,
    Func<string, string?> KnownWeights
);
