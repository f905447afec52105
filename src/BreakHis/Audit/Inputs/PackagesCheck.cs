using System.Text.Json;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// Checks that the packages of the tool match the record: the packages of the current tool, or the lock file in the
/// recorded commit if that is the tool's own repository.
/// </summary>
internal static class PackagesCheck
{
    private const string LockFile = "src/BreakHis.Tool/packages.lock.json";

    /// <summary>Returns the check.</summary>
    /// <param name="present">The packages of the current tool, in recorded form.</param>
    public static IEnumerable<AuditEntry> Of(
        RecordedRun run,
        IReadOnlyList<ProvenanceEntry> present,
        CodeRepository repository
    ) => [Result(run, present, repository).As(AuditLevel.Inputs, "packages", run.Summary.Id)];

    private static CheckResult Result(
        RecordedRun run,
        IReadOnlyList<ProvenanceEntry> present,
        CodeRepository repository
    )
    {
        ProvenanceEntry[] recorded = [.. run.Provenance.Where(entry => entry.Group == ProvenanceGroups.Package)];
        string? hash = run.Fact(ProvenanceNames.PackagesSha256);
        if (hash is null)
        {
            return CheckResult.Inconclusive("the packages were not recorded");
        }

        if (hash == Value(present, ProvenanceNames.PackagesSha256))
        {
            return Files(run, recorded.Length, Value(present, ProvenanceNames.PackagesFiles) ?? "");
        }

        string[] other =
        [
            .. Differences(recorded, present.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)),
        ];
        if (other.Length == 0)
        {
            return CheckResult.Fail("this tool has the same versions, but the hash of their contents does not match");
        }

        if (run.Fact(ProvenanceNames.GitCommit) is { } commit && repository.Text(commit, LockFile) is { } locked)
        {
            string[] wrong = [.. Differences(recorded, Locked(locked))];
            return wrong.Length == 0
                ? CheckResult.Pass(
                    $"the versions match those of {LockFile} in the commit; their contents were not compared"
                )
                : CheckResult.Fail($"{LockFile} in the commit has other versions: {Listing.Clauses(wrong)}");
        }

        return CheckResult.Inconclusive($"this tool was built with other versions: {Listing.Clauses(other)}");
    }

    private static CheckResult Files(RecordedRun run, int packages, string present)
    {
        if (run.Fact(ProvenanceNames.PackagesFiles) is not string recorded)
        {
            return CheckResult.Pass(
                $"{Plural.Of(packages, "package")}: the hash of the build's list matches this tool's; the files were not recorded"
            );
        }

        IReadOnlyList<string> other = ProgramFiles.Differences(recorded, present);
        return other.Count == 0
            ? CheckResult.Pass(
                $"{Plural.Of(packages, "package")}: versions, module ids of assemblies, and native libraries on disk match this tool's; those that compute are in the fingerprint, which a rerun compares"
            )
            : CheckResult.Fail($"this tool has the same packages, but other files on disk: {Listing.Words(other)}");
    }

    private static string? Value(IReadOnlyList<ProvenanceEntry> entries, string name) =>
        entries.FirstOrDefault(entry => entry.Name == name)?.Value;

    private static IEnumerable<string> Differences(
        IEnumerable<ProvenanceEntry> recorded,
        IReadOnlyDictionary<string, string> found
    ) =>
        recorded
            .Where(entry => found.GetValueOrDefault(entry.Name) != entry.Value)
            .Select(entry =>
                $"{entry.NameInGroup} was recorded as {entry.Value}, is now {found.GetValueOrDefault(entry.Name, ProvenanceValues.None)}"
            );

    /// <summary>Returns the packages and versions in a lock file; projects have no version.</summary>
    private static Dictionary<string, string> Locked(string json)
    {
        var versions = new Dictionary<string, string>(StringComparer.Ordinal);
        using var document = JsonDocument.Parse(json);
        foreach (JsonProperty framework in document.RootElement.GetProperty("dependencies").EnumerateObject())
        {
            foreach (JsonProperty package in framework.Value.EnumerateObject())
            {
                if (package.Value.TryGetProperty("resolved", out JsonElement version))
                {
                    versions[ProvenanceGroups.Package + package.Name] = version.GetString()!;
                }
            }
        }

        return versions;
    }
}
