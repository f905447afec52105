using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>Repositories that the library cannot open are read with the git program.</summary>
public sealed class GitFallbackTests
{
    [Theory]
    [InlineData("--object-format=sha256", false)]
    [InlineData("-q", true)]
    public void A_clean_repository_of_an_unknown_format_is_recorded_completely(string option, bool hasExtension)
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository(option);
        repository.Write("train.py", "print(1)\n");
        string commit = repository.Commit();
        repository.Git("remote", "add", "origin", "https://someone:" + "word@example.org/x.git");
        repository.Write("images/1.png", "recorded elsewhere");
        if (hasExtension)
        {
            // Git knows this extension, and the library does not.
            repository.Git("config", "core.repositoryformatversion", "1");
            repository.Git("config", "extensions.preciousObjects", "true");
        }

        Dictionary<string, string> entries = Entries(repository, repository["images"]);

        Assert.Equal(commit, entries[ProvenanceNames.GitCommit]);
        Assert.Equal("main", entries[ProvenanceNames.GitBranch]);
        Assert.Equal("https://example.org/x.git", entries[ProvenanceNames.GitRemote]);
        Assert.Equal("no", entries[ProvenanceNames.GitDirty]);
        Assert.DoesNotContain(ProvenanceNames.GitUnread, entries.Keys);
    }

    [Fact]
    public void Differences_that_are_not_recorded_are_named()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository("--object-format=sha256");
        repository.Write("train.py", "print(1)\n");
        repository.Write("old.py", "print(1)\n");
        string commit = repository.Commit();
        repository.Git("checkout", "-q", "--detach");
        repository.Write("train.py", "print(2)\n");
        repository.Git("mv", "old.py", "new.py");
        repository.Write("a b/\u00e9\n.py", "");

        IReadOnlyList<ProvenanceEntry> found = GitProvenance.Of(repository.Path);
        var entries = found.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

        Assert.Equal((commit, "yes"), (entries[ProvenanceNames.GitCommit], entries[ProvenanceNames.GitDirty]));
        Assert.Equal(ProvenanceValues.Detached, entries[ProvenanceNames.GitBranch]);
        Assert.Contains("; 4 files differ: ", entries[ProvenanceNames.GitUnread], StringComparison.Ordinal);
        Assert.Contains("train.py", entries[ProvenanceNames.GitUnread], StringComparison.Ordinal);
        Assert.StartsWith(
            "the differences from the commit are not recorded",
            GitProvenance.Missing(found),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void No_program_of_the_repository_runs()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository("--object-format=sha256");
        repository.Write("train.py", "print(1)\n");
        repository.Commit();
        string marker = repository[".git/marker"];
        foreach (string key in (string[])["filter.evil.clean", "filter.evil.smudge", "filter.evil.process"])
        {
            repository.Git("config", key, $"touch '{marker}'; cat");
        }

        repository.Git("config", "filter.evil.required", "true");
        repository.Git("config", "core.fsmonitor", $"touch '{marker}'");
        repository.Write(".gitattributes", "*.py filter=evil\n");
        repository.Write(".git/hooks/post-index-change", $"#!/bin/sh\ntouch '{marker}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(repository[".git/hooks/post-index-change"], (UnixFileMode)0x1ff);
        }

        repository.Write("train.py", "print(2)\n");

        Dictionary<string, string> entries = Entries(repository);

        Assert.Equal("yes", entries[ProvenanceNames.GitDirty]);
        Assert.False(File.Exists(marker));
    }

    [Fact]
    public void A_repository_without_a_commit_has_none()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository("--object-format=sha256");

        Dictionary<string, string> entries = Entries(repository);

        Assert.Equal(
            (ProvenanceValues.None, ProvenanceValues.None, "no"),
            (entries[ProvenanceNames.GitCommit], entries[ProvenanceNames.GitRemote], entries[ProvenanceNames.GitDirty])
        );
    }

    private static Dictionary<string, string> Entries(GitRepository repository, params string[] elsewhere) =>
        GitProvenance
            .Of(repository.Path, elsewhere)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
}
