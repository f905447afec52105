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
    public void Differences_are_recorded()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository("--object-format=sha256");
        repository.Write("train.py", "print(1)\n");
        repository.Write("old.py", "print(1)\n");
        string commit = repository.Commit();
        repository.Git("checkout", "-q", "--detach");
        repository.Write("train.py", "print(2)\n");
        repository.Git("mv", "old.py", "new.py");
        repository.Write("notes.txt", "a text that is longer than 32 bytes\n");
        repository.Write("id_rsa", "x");
        string index = Convert.ToHexString(File.ReadAllBytes(repository[".git/index"]));

        CodeState code = GitProvenance.Read(repository.Path, recordUntracked: false, []);
        var entries = code.Entries.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

        Assert.Equal((commit, "yes"), (entries[ProvenanceNames.GitCommit], entries[ProvenanceNames.GitDirty]));
        Assert.Equal(ProvenanceValues.Detached, entries[ProvenanceNames.GitBranch]);
        Assert.Null(GitProvenance.Missing(code.Entries));
        Assert.Equal(3, entries[ProvenanceNames.GitPatch].Split("diff --git ").Length - 1);
        Assert.Equal(["id_rsa", "notes.txt"], code.Omitted.Select(omission => omission.File.Path));
        Assert.Equal([OmissionKind.Secret, OmissionKind.NotCode], code.Omitted.Select(omission => omission.Kind));
        Assert.Equal(index, Convert.ToHexString(File.ReadAllBytes(repository[".git/index"])));
    }

    [Fact]
    public void Differences_that_git_cannot_read_either_are_not_passed_over()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository("--object-format=sha256");
        repository.Write("train.py", "print(1)\n");
        string commit = repository.Commit();
        repository.Write(".git/index", "nonsense");

        IReadOnlyList<ProvenanceEntry> found = GitFacts.Of(repository.Path);

        Assert.Contains(new ProvenanceEntry(ProvenanceNames.GitCommit, commit), found);
        Assert.DoesNotContain(found, entry => entry.Name == ProvenanceNames.GitDirty);
        Assert.Matches(
            "^the differences from the commit are not recorded, because git cannot read them: .*index file",
            GitProvenance.Missing(found)
        );
    }

    [Theory]
    [InlineData("--object-format=sha1")]
    [InlineData("--object-format=sha256")]
    public void Another_repository_in_the_folder_is_recorded_by_its_commit(string format)
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var repository = new GitRepository(format);
        repository.Write("train.py", "print(1)\n");
        repository.Commit();
        repository.Git("init", "-q", format, "empty");
        repository.Write("empty/a.py", "1\n");
        repository.Git("init", "-q", format, "other");
        repository.Write("other/a.py", "1\n");
        repository.Git("-C", "other", "add", ".");
        repository.Git("-C", "other", "-c", "user.name=a", "-c", "user.email=b", "commit", "-qm", "x");
        string commit = repository.Git("-C", "other", "rev-parse", "HEAD").Trim();

        CodeState code = GitProvenance.Read(repository.Path, recordUntracked: true, []);

        Assert.DoesNotContain(code.Entries, entry => entry.Name == ProvenanceNames.GitPatch);
        Assert.Equal(
            [("empty/", "none"), ("other/", commit)],
            code.Omitted.Select(omission => (omission.File.Path, omission.File.Sha256))
        );
        Assert.All(
            code.Omitted,
            omission => Assert.Equal("another repository, of which only the commit is recorded", omission.File.Reason)
        );
    }

    [Fact]
    public void Submodules_are_recorded_by_their_commits()
    {
        Assert.SkipUnless(GitRepository.IsAvailable, "needs git");
        using var inner = new GitRepository("--object-format=sha256");
        inner.Write("a", "1\n");
        inner.Commit();
        using var outer = new GitRepository("--object-format=sha256");
        outer.Write("a", "1\n");
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Path, "sub");
        outer.Commit();
        Assert.Equal("no", Entries(outer)[ProvenanceNames.GitDirty]);

        outer.Write("sub/a", "2\n");
        OmittedFile submodule = Assert.Single(GitProvenance.Read(outer.Path, false, []).Omitted).File;
        Assert.Equal(
            (outer.Git("-C", "sub", "rev-parse", "HEAD").Trim(), "sub", "submodule with uncommitted changes"),
            (submodule.Sha256, submodule.Path, submodule.Reason)
        );

        outer.Git("-C", "sub", "-c", "user.name=a", "-c", "user.email=b", "commit", "-qam", "x");
        string patch = Entries(outer)[ProvenanceNames.GitPatch];
        Assert.Contains(
            $"+Subproject commit {outer.Git("-C", "sub", "rev-parse", "HEAD")}",
            patch,
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
        GitFacts
            .Of(repository.Path, elsewhere)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
}
