using BreakHis.Audit.Artifacts;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Wording;

namespace BreakHis.Audit.Inputs;

/// <summary>Checks the files that a run's patch omits against the working tree, by hash.</summary>
internal static class OmittedFilesCheck
{
    /// <summary>Returns the check; none if the patch omits nothing.</summary>
    public static IEnumerable<AuditEntry> Of(RecordedRun run, CodeRepository repository, HashedFiles files) =>
        Result(run, repository, files) is { } result
            ? [result.As(AuditLevel.Inputs, "left out of the patch", run.Summary.Id)]
            : [];

    private static CheckResult? Result(RecordedRun run, CodeRepository repository, HashedFiles files)
    {
        if (run.Fact(ProvenanceNames.GitNotInPatch) is not string text)
        {
            return null;
        }

        if (OmittedFile.From(text) is not { } omitted)
        {
            return CheckResult.Inconclusive($"the record of the files left out of the patch cannot be read: {text}");
        }

        OmittedFile[] withheld = [.. omitted.Where(file => file.IsWithheld)];
        OmittedFile[] missing = [.. omitted.Where(file => !file.IsWithheld && !IsThere(file, repository, files))];
        string[] doubts =
        [
            .. missing.Length == 0
                ? (string[])[]
                :
                [
                    $"neither the record nor the working tree has the recorded content of: {Listing.Clauses([.. missing.Select(InWords)])}",
                ],
            .. withheld.Length == 0
                ? (string[])[]
                :
                [
                    $"no hash is recorded to compare with: {Listing.Clauses([.. withheld.Select(file => $"{file.Path} ({file.Reason})")])}",
                ],
        ];
        return doubts.Length == 0
            ? CheckResult.Pass(
                $"{Plural.Of(omitted.Count, "file left out of the patch is", "files left out of the patch are")} in the working tree, hashes match"
            )
            : CheckResult.Inconclusive(string.Join("; ", doubts));
    }

    private static string InWords(OmittedFile file) => $"{file.Sha256} {file.Path} ({file.Reason})";

    private static bool IsThere(OmittedFile omitted, CodeRepository repository, HashedFiles files)
    {
        string? path = repository.Root is string root ? Path.Combine(root, omitted.Path) : null;
        try
        {
            return path is not null && File.Exists(path) && files.Sha256(path) == omitted.Sha256;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
