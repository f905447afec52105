using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

public sealed class GitProvenanceTests
{
    private const string NoGit = "needs git";

    [Theory]
    [InlineData("https://user:token@example.org/a/b.git", "https://example.org/a/b.git")]
    [InlineData("https://x-access-token:ghp_1@example.org:8443/a", "https://example.org:8443/a")]
    [InlineData("https://token@example.org/a?access_token=1#2", "https://example.org/a")]
    [InlineData("HTTPS://u:p@w@example.org/@scope/a", "HTTPS://example.org/@scope/a")]
    [InlineData("ssh://git:secret@example.org/a", "ssh://example.org/a")]
    [InlineData("https://u:p/w@example.org/a", "https://example.org/a")]
    [InlineData("https://u:p#w@example.org/a", "https://example.org/a")]
    [InlineData("https://u:p?w@example.org/a", "https://example.org/a")]
    [InlineData("https://u:p/w@example.org:8443/a", "https://example.org:8443/a")]
    [InlineData("https://example.org/k3v9x0q2m7p1z8w4t6/a.git", "https://example.org/k3v9x0q2m7p1z8w4t6/a.git")]
    [InlineData("https://example.org/t/k3v9x0q2m7p1z8w4t6r5/a.git", "https://example.org/t/(withheld)/a.git")]
    [InlineData(
        "https://example.org/group/breast-histology-2024-inception.git",
        "https://example.org/group/breast-histology-2024-inception.git"
    )]
    [InlineData(
        "https://example.org/group/2024-miccai-resnet50v2-x3d.git",
        "https://example.org/group/2024-miccai-resnet50v2-x3d.git"
    )]
    [InlineData("foo::https://u:p@example.org/a", "foo::https://example.org/a")]
    [InlineData("u:p@example.org:a.git", "example.org:a.git")]
    [InlineData("//u:p@example.org/a", "example.org/a")]
    [InlineData("https:/u:p@example.org/a", "example.org/a")]
    [InlineData("https://[::1]:8443/a@b", "https://[::1]:8443/a@b")]
    [InlineData("https://example.org:8443/a@b", "https://example.org:8443/a@b")]
    [InlineData("git@example.org:a/b.git", "git@example.org:a/b.git")]
    [InlineData("/srv/a", "/srv/a")]
    [InlineData("../a", "../a")]
    public void Credentials_are_removed_from_addresses(string url, string expected) =>
        Assert.Equal(expected, GitProvenance.WithoutCredentials(url));

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_commit_whose_tree_is_lost_is_recorded_without_its_differences()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        string commit = repository.Commit();
        string tree = repository.Git("rev-parse", "HEAD^{tree}").Trim();
        string file = repository[$".git/objects/{tree[..2]}/{tree[2..]}"];
        File.SetAttributes(file, FileAttributes.Normal);
        File.Delete(file);

        string facts = GitFacts.Text(repository.Path);

        Assert.Contains($"git.commit = {commit}", facts, StringComparison.Ordinal);
        Assert.Contains("git.unread = ", facts, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_clean_tree_has_only_a_commit()
    {
        using var repository = new GitRepository();
        repository.Write("a/b/c", "1\n");
        string commit = repository.Commit();
        repository.Git("remote", "add", "upstream", "https://u:p@example.org/a");

        Assert.Equal(
            $"""
            git.branch = main
            git.commit = {commit}
            git.dirty = no
            git.folder = a/b
            git.remote = https://example.org/a
            git.repository = working tree
            """,
            GitFacts.Text(repository["a/b"])
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_detached_head_and_a_worktree_are_read()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        string commit = repository.Commit();
        repository.Git("worktree", "add", "-q", "--detach", repository["../tree"]);
        File.WriteAllText(repository["../tree/a"], "2\n");

        string facts = GitFacts.Text(repository["../tree"]);

        Assert.Contains("git.branch = detached", facts, StringComparison.Ordinal);
        Assert.Contains($"git.commit = {commit}", facts, StringComparison.Ordinal);
        Assert.Contains("git.folder = .", facts, StringComparison.Ordinal);
        Assert.Contains("+2", facts, StringComparison.Ordinal);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("elsewhere.git")]
    [InlineData("elsewhere/.git")]
    public void A_working_tree_with_its_git_directory_elsewhere_is_read(string gitDirectory)
    {
        using var place = new GitRepository();
        place.Write("elsewhere/not-in-it.py", "1\n");
        place.Git("init", "-q", "--separate-git-dir", place[gitDirectory], place["tree"]);
        place.Write("tree/a", "1\n");
        place.Git("-C", place["tree"], "add", "a");
        place.Git("-C", place["tree"], "-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-qm", "first");
        place.Write("tree/sub/new.py", "2\n");

        string facts = GitFacts.Text(place["tree/sub"]);

        Assert.Contains("git.repository = working tree", facts, StringComparison.Ordinal);
        Assert.Contains("git.folder = sub", facts, StringComparison.Ordinal);
        Assert.Contains("+++ b/sub/new.py", facts, StringComparison.Ordinal);
        Assert.DoesNotContain("not-in-it", facts, StringComparison.Ordinal);
        Assert.DoesNotContain("deleted", facts, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_repository_without_a_commit_is_noted()
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "x = 1\n");

        CodeState code = GitProvenance.Read(repository.Path, recordUntracked: false, []);
        Assert.Equal(["the git repository has no commit yet, so runs cannot record one"], code.Doubts);

        repository.Commit();
        Assert.Empty(GitProvenance.Read(repository.Path, recordUntracked: false, []).Doubts);
    }

    [Fact]
    public void A_missing_repository_is_recorded_as_none()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("git.repository = none", GitFacts.Text(folder.Path));
        Assert.Equal("git.repository = none", GitFacts.Text(folder["missing"]));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_bare_repository_has_no_working_tree()
    {
        using var repository = new GitRepository("--bare");
        Assert.Equal(
            """
            git.branch = main
            git.commit = none
            git.remote = none
            git.repository = bare
            """,
            GitFacts.Text(repository.Path)
        );
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData("HEAD", "nonsense", false)]
    [InlineData("config", "[core\nrepositoryformatversion", true)]
    [InlineData("config", "[core]\nrepositoryformatversion = 9\n", true)]
    [InlineData("config", "[core]\nrepositoryformatversion = 1\n[extensions]\nofTheFuture = true\n", true)]
    [InlineData("refs/heads/main", "0123456789012345678901234567890123456789\n", false)]
    [InlineData("index", "nonsense", true)]
    public void Of_a_broken_repository_what_can_be_read_is_recorded(string file, string content, bool hasCommit)
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        repository.Write(".git/" + file, content);

        IReadOnlyList<ProvenanceEntry> entries = GitFacts.Of(repository.Path);

        Assert.Single(entries, entry => entry.Name == "git.unread");
        Assert.Equal(hasCommit, entries.Any(entry => entry.Name == "git.commit"));
        Assert.DoesNotContain(entries, entry => entry.Name == "git.dirty");
        Assert.StartsWith(
            hasCommit ? "the differences from the commit" : "the commit is not recorded",
            GitProvenance.Missing(entries),
            StringComparison.Ordinal
        );
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    [InlineData(".", "main")]
    [InlineData(".", "main", "pack-refs", "--all")]
    [InlineData(".", "detached", "checkout", "-q", "--detach")]
    [InlineData("../tree", "other", "worktree", "add", "-q", "-b", "other", "../tree")]
    public void The_commit_of_a_repository_of_the_future_is_read(string folder, string branch, params string[] change)
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        string commit = repository.Commit();
        if (change.Length > 0)
        {
            repository.Git(change);
        }

        repository.Git("config", "core.repositoryformatversion", "9");

        string facts = GitFacts.Text(repository[folder]);

        Assert.Contains($"git.commit = {commit}", facts, StringComparison.Ordinal);
        Assert.Contains($"git.branch = {branch}", facts, StringComparison.Ordinal);
        Assert.Contains("git.unread = ", facts, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void Large_and_secret_untracked_files_are_only_listed()
    {
        using var repository = new GitRepository();
        repository.Write("tracked", "1\n");
        repository.Commit();
        repository.Write("tracked", new byte[(1 << 20) + 1]);
        repository.Write("large", new byte[(1 << 20) + 1]);
        repository.Write("largest", new byte[1 << 20]);
        repository.Write("x/.env", "PASSWORD=tissue\n");

        string[] facts =
        [
            .. GitFacts.WithUntracked(repository.Path).SelectMany(entry => $"{entry.Name} = {entry.Value}".Split('\n')),
        ];

        Assert.DoesNotContain(facts, line => line.Contains("tissue", StringComparison.Ordinal));
        Assert.Equal(
            ["diff --git a/largest b/largest", "diff --git a/tracked b/tracked"],
            facts
                .Select(line => line.Replace("git.patch = ", "", StringComparison.Ordinal))
                .Where(line => line.StartsWith("diff", StringComparison.Ordinal)),
            StringComparer.Ordinal
        );
        Assert.Contains(
            """git.not_in_patch = {"path":"large","reason":"1048577 bytes, too large for the patch","sha256":"2cb74edba754a81d121c9db6833704a8e7d417e5b13d1a19f4a52f007d644264"}""",
            facts,
            StringComparer.Ordinal
        );
        Assert.Contains(
            facts,
            line =>
                line.StartsWith("""{"path":"x/.env","reason":"its name suggests a secret; """, StringComparison.Ordinal)
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void Staged_files_are_in_the_patch_even_if_they_are_large_unless_they_have_the_name_of_a_secret()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Write("b.key", "1\n");
        repository.Commit();
        repository.Write("large", new byte[(1 << 20) + 1]);
        repository.Write(".env", "2\n");
        repository.Git("add", "-f", "large", ".env");
        repository.Git("rm", "-q", "--cached", "b.key");
        repository.Write("b.key", "2\n");

        IReadOnlyList<ProvenanceEntry> facts = GitFacts.Of(repository.Path);

        Assert.Equal(
            """
            {"path":".env","reason":"its name suggests a secret; 2 bytes","sha256":"withheld"}
            {"path":"b.key","reason":"its name suggests a secret; 2 bytes","sha256":"withheld"}
            """,
            facts.Single(entry => entry.Name == "git.not_in_patch").Value
        );
        Assert.Equal(
            ["diff --git a/large b/large"],
            facts
                .Single(entry => entry.Name == "git.patch")
                .Value.Split('\n')
                .Where(line => line.StartsWith("diff", StringComparison.Ordinal)),
            StringComparer.Ordinal
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_file_that_git_refuses_to_convert_is_listed_with_its_hash()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        repository.Git("config", "core.autocrlf", "true");
        repository.Git("config", "core.safecrlf", "true");
        repository.Write("b.py", "1\r\n2\n# a comment of some length\n");

        string left = GitFacts.Of(repository.Path).Single(entry => entry.Name == "git.not_in_patch").Value;

        // SHA-256 of the 32 bytes, computed with sha256sum.
        Assert.Matches(
            """^{"path":"b.py","reason":".+","sha256":"5558f1158d3a0808bdada04c0adfd62caf8287b45f749d5538868fc6aef88c89"}$""",
            left
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void The_remote_is_the_tracked_one_then_origin_then_the_first()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        string commit = repository.Commit();
        string Remote() => GitFacts.Of(repository.Path).Single(entry => entry.Name == "git.remote").Value;

        Assert.Equal("none", Remote());
        repository.Git("remote", "add", "elsewhere", "https://example.org/elsewhere");
        Assert.Equal("https://example.org/elsewhere", Remote());
        repository.Git("remote", "add", "origin", "https://example.org/origin");
        Assert.Equal("https://example.org/origin", Remote());
        repository.Git("remote", "add", "tracked", "https://example.org/tracked");
        repository.Git("update-ref", "refs/remotes/tracked/main", commit);
        repository.Git("branch", "-q", "--set-upstream-to=tracked/main");
        Assert.Equal("https://example.org/tracked", Remote());
        repository.Git("checkout", "-q", "--detach");
        Assert.Equal("https://example.org/origin", Remote());
    }

    [Fact(SkipUnless = nameof(CanLink), Skip = "needs git and symbolic links")]
    public void Links_on_the_way_to_a_folder_are_followed()
    {
        using var repository = new GitRepository();
        repository.Write("code/run/a", "1\n");
        repository.Write("data/tracked", "1\n");
        repository.Commit();
        using var outside = new TemporaryFolder();
        Directory.CreateSymbolicLink(outside["first"], repository["code"]);
        Directory.CreateSymbolicLink(outside["second"], outside["first"]);

        Assert.Contains("git.folder = code/run", GitFacts.Text(outside["second/run"]), StringComparison.Ordinal);

        repository.Write("data/untracked", "2\n");
        Directory.CreateSymbolicLink(outside["data"], repository["data"]);
        Assert.Contains(
            GitFacts.Of(repository.Path, outside["data"]),
            entry => entry is { Name: "git.dirty", Value: "no" }
        );
    }

    public static bool CanLink => GitRepository.IsAvailable && !OperatingSystem.IsWindows();

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void Untracked_files_recorded_elsewhere_are_left_out()
    {
        using var repository = new GitRepository();
        repository.Write("data/tracked", "1\n");
        repository.Commit();
        repository.Write("data/x.png", "image");
        repository.Write("weights.bin", "weights");
        string[] elsewhere = [repository["data"], repository["weights.bin"], repository["../apart"]];
        Assert.Contains(GitFacts.Of(repository.Path, elsewhere), entry => entry is { Name: "git.dirty", Value: "no" });

        repository.Write("data/tracked", "2\n");
        repository.Write("data2/x.png", "another image");
        string patch = GitFacts
            .WithUntracked(repository.Path, elsewhere)
            .Single(entry => entry.Name == "git.patch")
            .Value;
        Assert.Contains("data/tracked", patch, StringComparison.Ordinal);
        Assert.Contains("data2/x.png", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("data/x.png", patch, StringComparison.Ordinal);
        Assert.DoesNotContain("weights.bin", patch, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void Only_code_among_untracked_files_is_recorded_with_its_content()
    {
        using var repository = new GitRepository();
        repository.Write("tracked.py", "x = 1\n");
        repository.Commit();
        repository.Write("tracked.py", "x = 1\nAPI_TOKEN = \"tracked-edit-7\"\n");
        repository.Write("spec.yaml", "name: x\n");
        repository.Write("notes.txt", "threshold 0.5, as in the paper of 2016\n");
        repository.Write("deploy", "-----BEGIN OPENSSH PRIVATE " + "KEY-----\n");
        repository.Write("deploy.sh", "export HF_TOKEN=abcdefgh1\n");

        var facts = GitFacts
            .Of(repository.Path)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);

        Assert.Equal(
            ["diff --git a/spec.yaml b/spec.yaml"],
            facts["git.patch"].Split('\n').Where(line => line.StartsWith("diff", StringComparison.Ordinal))
        );
        Assert.Equal(
            """
            {"path":"deploy","reason":"it seems to contain a private key; 36 bytes","sha256":"withheld"}
            {"path":"deploy.sh","reason":"it seems to contain a password or key; 26 bytes","sha256":"withheld"}
            {"path":"tracked.py","reason":"it seems to contain a password or key; 35 bytes","sha256":"withheld"}
            """,
            string.Join(
                '\n',
                facts["git.not_in_patch"]
                    .Split('\n')
                    .Where(line => line.Contains("withheld", StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
            )
        );
        Assert.Contains(
            """{"path":"notes.txt","reason":"untracked, and neither spec, source nor project file","sha256":"1cbf5ab9a03e9e852e70bcec254d09f9a8c937d6090d01fa1c35730717237c22"}""",
            facts["git.not_in_patch"],
            StringComparison.Ordinal
        );
        Assert.Equal(
            [
                "not recorded, because they seem to contain secrets: 3 changed or untracked files (deploy, deploy.sh, tracked.py)",
            ],
            GitProvenance.Read(repository.Path, recordUntracked: false, []).Notes
        );
        string all = GitFacts.WithUntracked(repository.Path).Single(entry => entry.Name == "git.patch").Value;
        Assert.Contains("notes.txt", all, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", all, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_large_untracked_folder_is_one_entry()
    {
        using var repository = new GitRepository();
        repository.Write("src/a.py", "1\n");
        repository.Commit();
        for (int i = 0; i <= 1000; i++)
        {
            repository.Write($"src/venv/lib{i % 7}/{i}.py", "1\n");
        }

        repository.Write("src/b.py", "2\n");
        var facts = GitFacts
            .Of(repository.Path)
            .ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);

        Assert.Equal(
            """{"path":"src/venv/","reason":"untracked folder with 1001 files","sha256":"withheld"}""",
            facts["git.not_in_patch"]
        );
        Assert.DoesNotContain("venv", facts["git.patch"], StringComparison.Ordinal);
        Assert.Contains("src/b.py", facts["git.patch"], StringComparison.Ordinal);
        Assert.Equal(
            ["the recorded patch lacks src/venv/ (untracked folder with 1001 files)"],
            GitProvenance.Read(repository.Path, recordUntracked: false, []).Notes
        );
        Assert.Empty(GitProvenance.Read(repository.Path, recordUntracked: true, []).Notes);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_conflicting_merge_is_recorded_by_its_files()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        repository.Git("checkout", "-q", "-b", "other");
        repository.Write("a", "2\n");
        repository.Commit();
        repository.Git("checkout", "-q", "main");
        repository.Write("a", "3\n");
        string commit = repository.Commit();
        Assert.Throws<InvalidOperationException>(() => repository.Git("merge", "-q", "other"));

        string patch = GitFacts.Of(repository.Path).Single(entry => entry.Name == "git.patch").Value;

        Assert.Equal(
            File.ReadAllText(repository["a"]),
            File.ReadAllText(Path.Combine(repository.Recreate(commit, patch), "a"))
        );
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_submodule_is_recorded_by_its_commit()
    {
        using var inner = new GitRepository();
        inner.Write("a", "1\n");
        inner.Commit();
        using var outer = new GitRepository();
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Path, "sub");
        string commit = outer.Commit();
        Assert.Contains("git.dirty = no", GitFacts.Text(outer.Path), StringComparison.Ordinal);

        File.WriteAllText(outer["sub/a"], "2\n");
        string then = GitRepository.GitIn(outer["sub"], "rev-parse", "HEAD").Trim();
        Assert.Contains(
            $$"""git.not_in_patch = {"path":"sub","reason":"submodule with uncommitted changes","sha256":"{{then}}"}""",
            GitFacts.Text(outer.Path),
            StringComparison.Ordinal
        );

        string[] someone = ["-c", "user.email=someone@example.org", "-c", "user.name=Someone"];
        GitRepository.GitIn(outer["sub"], [.. someone, "commit", "-q", "-a", "-m", "More"]);
        string now = GitRepository.GitIn(outer["sub"], "rev-parse", "HEAD").Trim();
        string patch = GitFacts.Of(outer.Path).Single(entry => entry.Name == "git.patch").Value;
        Assert.Contains($"+Subproject commit {now}", patch, StringComparison.Ordinal);
        outer.Recreate(commit, patch);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = NoGit)]
    public void A_repository_too_damaged_to_be_recognised_is_not_the_same_as_none()
    {
        using var repository = new GitRepository();
        Directory.CreateDirectory(repository["sub"]);
        File.Delete(repository[".git/HEAD"]);

        ProvenanceEntry entry = Assert.Single(GitFacts.Of(repository["sub"]));

        Assert.Equal("git.unread", entry.Name);
        Assert.EndsWith("/.git is not a repository", entry.Value, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(CanGiveAway), Skip = "needs git, and the right to change file owners")]
    public void A_repository_of_another_owner_is_read()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        repository.Write("a", "2\n");
        string own = GitFacts.Text(repository.Path);
        Chown(repository.Path);

        Assert.Contains("git.patch_sha256", own, StringComparison.Ordinal);
        Assert.Equal(own, GitFacts.Text(repository.Path));
    }

    public static bool CanGiveAway =>
        GitRepository.IsAvailable && OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    private static void Chown(string folder)
    {
        using var process = System.Diagnostics.Process.Start("chown", ["-R", "12345", folder]);
        process.WaitForExit();
    }
}
