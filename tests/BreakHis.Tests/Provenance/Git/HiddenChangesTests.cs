using System.Diagnostics;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>Changes that git hides, or that a patch cannot contain, are recorded or said to be missing.</summary>
public sealed class HiddenChangesTests
{
    private const string NoGit = "needs git";

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Files_that_a_sparse_checkout_leaves_out_are_no_differences(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("code/a.py", "1\n");
        repository.Write("data/b.py", "1\n");
        repository.Commit();
        repository.Git("sparse-checkout", "set", "code");
        Assert.False(File.Exists(repository["data/b.py"]));

        Assert.Contains("git.dirty = no", GitFacts.Text(repository.Path), StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1", "sub", "", "--skip-worktree")]
    [InlineData("sha256", "sub", "", "--skip-worktree")]
    [InlineData("sha1", "sub/inner", "", "--assume-unchanged")]
    [InlineData("sha256", "sub/inner", "", "--assume-unchanged")]
    [InlineData("sha1", "sub", "all", "")]
    [InlineData("sha256", "sub", "dirty", "")]
    [InlineData("sha1", "sub/inner", "all", "")]
    public void A_change_inside_a_submodule_is_a_gap(string format, string place, string ignore, string hiding)
    {
        using GitRepository outer = WithSubmodules(format, ignore);
        string commit = GitRepository.GitIn(outer["sub"], "rev-parse", "HEAD").Trim();
        if (hiding != "")
        {
            GitRepository.GitIn(outer[place], "update-index", hiding, "a.py");
        }

        Assert.Empty(GitProvenance.Read(outer.Path, recordUntracked: false, []).Notes);
        outer.Write($"{place}/a.py", "2\n");
        string objects = Objects(outer);

        CodeState code = GitProvenance.Read(outer.Path, recordUntracked: false, []);

        Assert.Equal(commit, Assert.Single(code.Omitted).File.Sha256);
        Assert.Equal(["the recorded patch lacks sub (submodule with uncommitted changes)"], code.Notes);
        Assert.Equal(objects, Objects(outer));
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1", "")]
    [InlineData("sha1", "all")]
    [InlineData("sha256", "all")]
    public void Another_commit_of_a_submodule_is_in_the_patch(string format, string ignore)
    {
        using GitRepository outer = WithSubmodules(format, ignore);
        GitRepository.GitIn(outer["sub"], "checkout", "-q", "HEAD~1");
        string commit = GitRepository.GitIn(outer["sub"], "rev-parse", "HEAD").Trim();

        Assert.Contains($"+Subproject commit {commit}", GitFacts.Text(outer.Path), StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Files_of_a_submodule_without_its_repository_are_a_gap(string format)
    {
        using GitRepository outer = WithSubmodules(format, "");
        Directory.Delete(outer["sub/inner"], recursive: true);
        File.Delete(outer["sub/.git"]);

        Assert.Equal(
            [
                "the recorded patch lacks sub (files in the folder of a submodule, whose repository is missing, so they are not recorded)",
            ],
            GitProvenance.Read(outer.Path, recordUntracked: false, []).Notes
        );

        Directory.Delete(outer["sub"], recursive: true);
        Directory.CreateDirectory(outer["sub"]);
        Assert.Empty(GitProvenance.Read(outer.Path, recordUntracked: false, []).Notes);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1", "")]
    [InlineData("sha256", "")]
    [InlineData("sha1", "--assume-unchanged")]
    [InlineData("sha256", "--skip-worktree")]
    public void A_pipe_in_place_of_a_file_is_a_gap(string format, string hiding)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs named pipes");
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("a.py", "1\n");
        repository.Commit();
        if (hiding != "")
        {
            repository.Git("update-index", hiding, "a.py");
        }

        File.Delete(repository["a.py"]);
        NamedPipe.Make(repository["a.py"]);

        Assert.Equal(
            ["the recorded patch lacks a.py (not a regular file but a pipe, socket or device)"],
            GitProvenance.Read(repository.Path, recordUntracked: false, []).Notes
        );
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void Another_working_tree_is_not_taken_for_this_one(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("a.py", "1\n");
        string commit = repository.Commit();
        repository.Git("clone", "-q", ".", "../other");
        repository.Git("config", "core.worktree", repository["../other"]);
        repository.Write("a.py", "2\n");

        IReadOnlyList<ProvenanceEntry> entries = GitFacts.Of(repository.Path);

        Assert.Contains(new ProvenanceEntry(ProvenanceNames.GitCommit, commit), entries);
        Assert.Contains("core.worktree", GitProvenance.Missing(entries), StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void A_linked_worktree_is_read_where_it_was_moved(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("e/a.py", "1\n");
        repository.Commit();
        repository.Git("worktree", "add", "-q", "../linked", "-b", "other");
        Directory.Move(repository["../linked"], repository["../moved"]);
        repository.Write("../moved/e/a.py", "2\n");

        IReadOnlyList<ProvenanceEntry> entries = GitFacts.Of(repository["../moved/e"]);

        AssertChanged(entries);
        Assert.Contains(new ProvenanceEntry(ProvenanceNames.GitFolder, "e"), entries);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void An_empty_folder_named_git_is_passed_over(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("e/a.py", "1\n");
        repository.Commit();
        repository.Write("e/a.py", "2\n");
        Directory.CreateDirectory(repository["e/.git"]);

        AssertChanged(GitFacts.Of(repository["e"]));
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void A_missing_content_loses_only_its_own_difference(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("a.py", "1\n");
        repository.Write("b.py", "1\n2\n");
        repository.Commit();
        string blob = repository.Git("rev-parse", "HEAD:a.py").Trim();
        repository.Write("a.py", "2\n");
        repository.Write("b.py", "3\n2\n");
        File.Delete(repository[$".git/objects/{blob[..2]}/{blob[2..]}"]);

        CodeState code = GitProvenance.Read(repository.Path, recordUntracked: false, []);

        Assert.StartsWith("the recorded patch lacks a.py (", Assert.Single(code.Notes), StringComparison.Ordinal);
        Assert.Contains(
            "+3",
            Assert.Single(code.Entries, e => e.Name == ProvenanceNames.GitPatch).Value,
            StringComparison.Ordinal
        );
        Assert.All(code.Entries, entry => Assert.Equal(entry, RecordableEntry.Of(entry)));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_HEAD_that_names_a_tag_is_read()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "1\n");
        string commit = repository.Commit();
        repository.Git("tag", "v1");
        repository.Write(".git/HEAD", "ref: refs/tags/v1\n");
        repository.Write("a.py", "2\n");

        string facts = GitFacts.Text(repository.Path);

        Assert.Contains($"git.commit = {commit}", facts, StringComparison.Ordinal);
        Assert.Contains("+2", facts, StringComparison.Ordinal);
        Assert.DoesNotContain("git.unread", facts, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1")]
    [InlineData("sha256")]
    public void A_replaced_commit_is_compared_as_other_clones_have_it(string format)
    {
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("a.py", "1\n");
        string first = repository.Commit();
        repository.Write("a.py", "2\n");
        string second = repository.Commit();
        repository.Git("replace", first, second);
        repository.Git("reset", "-q", "--soft", first);

        Assert.Contains("+2", GitFacts.Text(repository.Path), StringComparison.Ordinal);
    }

    /// <summary>A repository with a submodule sub of two commits, which has a submodule inner.</summary>
    private static GitRepository WithSubmodules(string format, string ignore)
    {
        using var inner = new GitRepository($"--object-format={format}");
        inner.Write("a.py", "1\n");
        inner.Commit();
        using var middle = new GitRepository($"--object-format={format}");
        middle.Write("a.py", "0\n");
        middle.Commit();
        Add(middle, inner, "inner");
        middle.Write("a.py", "1\n");
        middle.Commit();
        var outer = new GitRepository($"--object-format={format}");
        Add(outer, middle, "sub");
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init", "--recursive");
        outer.Commit();
        return outer;

        void Add(GitRepository to, GitRepository submodule, string name)
        {
            to.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", submodule.Path, name);
            if (ignore != "")
            {
                to.Git("config", "-f", ".gitmodules", $"submodule.{name}.ignore", ignore);
            }
        }
    }

    private static string Objects(GitRepository repository) =>
        string.Join(
            '\n',
            Directory
                .GetFiles(repository[".git"], "*", SearchOption.AllDirectories)
                .Where(file => file.Contains("/objects/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_file_whose_name_is_not_UTF_8_is_a_gap()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems have no such names");
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        Shell(repository.Path, "printf x > \"$(printf 'caf\\351.py')\"");

        CodeState code = GitProvenance.Read(repository.Path, recordUntracked: true, []);

        Assert.Equal(
            ["the recorded patch lacks caf\uFFFD.py (its name is not UTF-8, so it cannot be read)"],
            code.Notes
        );
        Assert.Equal("unreadable", Assert.Single(code.Omitted).File.Sha256);
        Shell(repository.Path, "rm caf*");
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("sha1", "--assume-unchanged")]
    [InlineData("sha1", "--skip-worktree")]
    [InlineData("sha256", "--skip-worktree")]
    public void A_hidden_file_whose_name_is_not_UTF_8_is_a_gap(string format, string hiding)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems have no such names");
        using var repository = new GitRepository($"--object-format={format}");
        repository.Write("a", "1\n");
        Shell(repository.Path, "printf x > \"$(printf 'caf\\351.py')\"");
        repository.Commit();
        Shell(repository.Path, $"git update-index {hiding} caf*; printf y > \"$(printf 'caf\\351.py')\"");

        Assert.Equal(
            ["the recorded patch lacks caf\uFFFD.py (its name is not UTF-8, so it cannot be read)"],
            GitProvenance.Read(repository.Path, recordUntracked: false, []).Notes
        );
        Shell(repository.Path, "rm caf*");
    }

    /// <summary>.NET can neither create nor delete a file whose name is not UTF-8.</summary>
    private static void Shell(string folder, string command) =>
        Assert.Equal(
            0,
            ExternalProgram
                .Run(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder }, input: null)!
                .ExitCode
        );

    /// <summary>The differences are recorded, with a changed line 2.</summary>
    private static void AssertChanged(IReadOnlyList<ProvenanceEntry> entries)
    {
        Assert.Null(GitProvenance.Missing(entries));
        Assert.Contains(
            "+2\n",
            entries.Single(e => e.Name == ProvenanceNames.GitPatch).Value,
            StringComparison.Ordinal
        );
    }
}
