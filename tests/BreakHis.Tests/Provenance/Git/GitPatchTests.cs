using System.Security.Cryptography;
using System.Text;
using BreakHis.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>Commit and patch must reproduce the working tree byte for byte.</summary>
public sealed class GitPatchTests
{
    private static readonly byte[] Noise = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * i * 31 >> 5))];

    private const string Sha256 = "--object-format=sha256";

    public static TheoryData<string> Changes => [.. Cases.Keys];

    private static Dictionary<string, (Action<GitRepository> Before, Action<GitRepository> Change)> Cases { get; } =
        new(StringComparer.Ordinal)
        {
            ["text"] = (r => r.Write("a", "1\n2\n3\n"), r => r.Write("a", "1\nzwei – ü\n3\n4\n")),
            ["far apart"] = (
                r => r.Write("a", Lines(200)),
                r => r.Write("a", "0\n" + Lines(200).Replace("\n77\n", "\nx\n", StringComparison.Ordinal) + "z")
            ),
            ["no newline at the end"] = (r => r.Write("a", "1\n2"), r => r.Write("a", "1\n3")),
            ["newline at the end gone"] = (r => r.Write("a", "1\n2\n"), r => r.Write("a", "1\n2")),
            ["staged"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("a", "2\n");
                    r.Git("add", "a");
                }
            ),
            ["staged, then changed again"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("a", "2\n");
                    r.Git("add", "a");
                    r.Write("a", "3\n");
                }
            ),
            ["staged and new"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("b", "2\n");
                    r.Git("add", "b");
                }
            ),
            ["binary"] = (r => r.Write("a", Noise), r => r.Write("a", [.. Noise, 0, 1, 2])),
            ["binary to empty"] = (r => r.Write("a", Noise), r => r.Write("a", "")),
            ["binary to text"] = (r => r.Write("a", Noise), r => r.Write("a", "text\n")),
            ["Latin-1"] = (r => r.Write("a", "ä\n"), r => r.Write("a", Encoding.Latin1.GetBytes("ä\nö\n"))),
            ["byte order mark"] = (r => r.Write("a", "x\n"), r => r.Write("a", "\uFEFFx\ny\n")),
            ["zero byte late in text"] = (r => r.Write("a", Lines(5000)), r => r.Write("a", Lines(5000) + "\0\n")),
            ["renamed"] = (
                r => r.Write("old/a", Lines(50)),
                r =>
                {
                    r.Write("new/a", Lines(50));
                    File.Delete(r["old/a"]);
                }
            ),
            ["renamed, and git looks for renames"] = (
                r =>
                {
                    r.Git("config", "diff.renames", "true");
                    r.Write("old", Lines(50));
                },
                r => r.Git("mv", "old", "new")
            ),
            ["renamed by git"] = (r => r.Write("a", Lines(50)), r => r.Git("mv", "a", "b")),
            ["deleted"] = (
                r =>
                {
                    r.Write("a", "1\n");
                    r.Write("b", Noise);
                    r.Write("c", "");
                },
                r =>
                {
                    File.Delete(r["a"]);
                    File.Delete(r["b"]);
                    File.Delete(r["c"]);
                }
            ),
            ["untracked"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("x/y/z", "1\n2\n");
                    r.Write("x/empty", "");
                    r.Write("x/binary", Noise);
                }
            ),
            ["ignored stays out"] = (
                r => r.Write(".gitignore", "*.log\n"),
                r =>
                {
                    r.Write("a.txt", "x");
                    r.Write("a.log", "x");
                }
            ),
            ["CRLF in the commit"] = (r => r.Write("a", "1\r\n2\r\n"), r => r.Write("a", "1\r\n3\r\n4\n")),
            ["CRLF by attribute"] = (
                r =>
                {
                    r.Write(".gitattributes", "a text eol=crlf\n");
                    r.Write("a", "1\r\n2\r\n");
                },
                r => r.Write("a", "1\r\n3\r\n")
            ),
            ["LF to CRLF"] = (r => r.Write("a", "1\n2\n"), r => r.Write("a", "1\r\n2\r\n")),
            ["CRLF by autocrlf"] = (
                r =>
                {
                    r.Git("config", "core.autocrlf", "true");
                    r.Write("same", "same\r\n");
                    r.Write("a", "1\r\n");
                },
                r =>
                {
                    r.Write("a", "1\r\n2\r\n");
                    r.Write("b", "3\r\n");
                }
            ),
            ["lone carriage returns"] = (r => r.Write("a", "1\r2\n"), r => r.Write("a", "1\r3\r\r\n")),
            ["names"] = (
                r => r.Write("a b", "1\n"),
                r =>
                {
                    r.Write("a b", "2\n");
                    r.Write("größe/ü", "3\n");
                    r.Write("x b/y", Noise);
                    r.Write(" b", "4\n");
                }
            ),
            ["file to folder"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    File.Delete(r["a"]);
                    r.Write("a/b", "2\n");
                }
            ),
            ["folder to file"] = (
                r => r.Write("a/b", "1\n"),
                r =>
                {
                    Directory.Delete(r["a"], true);
                    r.Write("a", "2\n");
                }
            ),
            ["no longer tracked and ignored"] = (
                r =>
                {
                    r.Write("a.log", "1\n");
                    r.Git("add", "a.log");
                    r.Write(".gitignore", "*.log\n");
                },
                r => r.Git("rm", "-q", "--cached", "a.log")
            ),
            ["no text and no change but a deletion"] = (r => r.Write("a b", ""), r => File.Delete(r["a b"])),
            ["marked to be added"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("b", "2\n");
                    r.Git("add", "-N", "b");
                }
            ),
            ["in the index only"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("b", "2\n");
                    r.Git("add", "b");
                    File.Delete(r["b"]);
                    r.Write("c", "3\n");
                }
            ),
            ["no longer tracked"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Git("rm", "-q", "--cached", "a");
                    r.Write("a", "2\n");
                }
            ),
        };

    private static Dictionary<string, (Action<GitRepository> Before, Action<GitRepository> Change)> UnixCases { get; } =
        new(StringComparer.Ordinal)
        {
            ["mode"] = (r => r.Write("a", "1\n"), r => Executable(r["a"])),
            ["mode and text"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("a", "2\n");
                    Executable(r["a"]);
                }
            ),
            ["untracked and executable"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    r.Write("b", "2\n");
                    Executable(r["b"]);
                }
            ),
            ["link"] = (
                r => File.CreateSymbolicLink(r["a"], "b"),
                r =>
                {
                    File.Delete(r["a"]);
                    File.CreateSymbolicLink(r["a"], "c");
                    File.CreateSymbolicLink(r["d"], "/nowhere");
                }
            ),
            ["no longer tracked link and program"] = (
                r =>
                {
                    File.CreateSymbolicLink(r["a"], "b");
                    r.Write("c", "1\n");
                    Executable(r["c"]);
                },
                r =>
                {
                    r.Git("rm", "-q", "--cached", "a", "c");
                    File.Delete(r["a"]);
                    File.CreateSymbolicLink(r["a"], "d");
                    r.Write("c", "2\n");
                }
            ),
            ["link with a secret's name"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    File.CreateSymbolicLink(r["id_rsa"], "a");
                    r.Write("b", "2\n");
                }
            ),
            ["file to link"] = (
                r => r.Write("a", "1\n"),
                r =>
                {
                    File.Delete(r["a"]);
                    File.CreateSymbolicLink(r["a"], "b");
                }
            ),
            ["strange names"] = (
                r => r.Write("q\"uote", "1\n"),
                r =>
                {
                    r.Write("q\"uote", "2\n");
                    r.Write("t\tab", "3\n");
                    r.Write("n\new", "4\n");
                    r.Write("b\\ack", Noise);
                }
            ),
        };

    public static TheoryData<string> UnixChanges => [.. UnixCases.Keys];

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [MemberData(nameof(Changes))]
    public void Commit_and_patch_reproduce_the_tree(string change) => Check(Cases[change]);

    [Theory(SkipUnless = nameof(IsUnix), Skip = "needs git, file modes and links")]
    [MemberData(nameof(UnixChanges))]
    public void Commit_and_patch_reproduce_modes_and_links(string change) => Check(UnixCases[change]);

    [Theory(SkipUnless = nameof(IsUnix), Skip = "needs git, file modes and links")]
    [MemberData(nameof(Changes))]
    [MemberData(nameof(UnixChanges))]
    public void They_do_so_in_a_repository_that_only_git_reads(string change) =>
        Check(Cases.Concat(UnixCases).First(@case => @case.Key == change).Value, Sha256);

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_patch_reproduces_a_repository_without_commits() => WithoutCommits();

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_patch_reproduces_a_repository_without_commits_that_only_git_reads() => WithoutCommits(Sha256);

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("--object-format=sha1")]
    [InlineData(Sha256)]
    public void A_patch_has_changes_that_git_was_told_not_to_look_at(string format)
    {
        using var repository = new GitRepository(format);
        string[] names = ["assumed", "assumed and deleted", "skipped", "both", "neither", "same"];
        foreach (string name in names)
        {
            repository.Write(name, "1\n");
        }

        string commit = repository.Commit();
        repository.Git("update-index", "--assume-unchanged", "assumed", "assumed and deleted", "same");
        repository.Git("update-index", "--skip-worktree", "skipped", "both");
        repository.Git("update-index", "--assume-unchanged", "both");
        foreach (string name in names[..^1])
        {
            repository.Write(name, "2\n");
        }

        File.Delete(repository["assumed and deleted"]);

        string patch = Facts(repository)["git.patch"];

        Assert.Equal(5, patch.Split("diff --git ").Length - 1);
        Assert.Equal(Tree(repository.Path), Tree(repository.Recreate(commit, patch)));
    }

    /// <summary>Settings with which git, or the library, overlooks a change.</summary>
    [Theory(SkipUnless = nameof(IsUnix), Skip = "needs git, and names that differ by case")]
    [InlineData("core.trustctime", "false")]
    [InlineData("core.trustctime", "0")]
    [InlineData("core.trustctime", "off")]
    [InlineData("core.ignoreCase", "yes")]
    [InlineData("core.checkStat", "minimal")]
    [InlineData("core.ignoreCase", "true")]
    [InlineData("core.ignoreStat", "true")]
    public void Settings_do_not_hide_a_change(string key, string value)
    {
        using var repository = new GitRepository();
        repository.Write("a.py", "1\n");
        DateTime before = File.GetLastWriteTimeUtc(repository["a.py"]);
        repository.Git("config", key, value);
        string commit = repository.Commit();
        repository.Write("a.py", "2\n");
        File.SetLastWriteTimeUtc(repository["a.py"], before);
        repository.Write("A.py", "3\n");

        string patch = Facts(repository)["git.patch"];

        Assert.Equal(2, patch.Split("diff --git ").Length - 1);
        Assert.Equal(Tree(repository.Path), Tree(repository.Recreate(commit, patch)));
    }

    [Theory(SkipUnless = nameof(IsUnix), Skip = "needs git and links")]
    [InlineData("--object-format=sha1")]
    [InlineData(Sha256)]
    public void A_hidden_file_below_a_folder_that_became_a_link_is_deleted(string format)
    {
        using var repository = new GitRepository(format);
        repository.Write("code/f.py", "1\n");
        string commit = repository.Commit();
        repository.Git("update-index", "--assume-unchanged", "code/f.py");
        Directory.Move(repository["code"], repository["../moved"]);
        File.CreateSymbolicLink(repository["code"], "../moved");

        string patch = Facts(repository)["git.patch"];

        Assert.Contains("deleted file", patch, StringComparison.Ordinal);
        Assert.Equal(Tree(repository.Path), Tree(repository.Recreate(commit, patch)));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void An_encoding_in_the_working_tree_is_kept()
    {
        using var repository = new GitRepository();
        repository.Write(".gitattributes", "*.txt working-tree-encoding=UTF-16LE\n");
        repository.Write("a.txt", Encoding.Unicode.GetBytes("eins\n"));
        string commit = repository.Commit();
        repository.Write("a.txt", Encoding.Unicode.GetBytes("zwei\n"));
        string patch = Facts(repository)["git.patch"];

        Assert.Contains("+zwei", patch, StringComparison.Ordinal);
        Assert.Equal(Tree(repository.Path), Tree(repository.Recreate(commit, patch)));
        File.Delete(repository[".gitattributes"]);
        Assert.Equal(
            ["the recorded patch lacks .gitattributes (other encodings of files, which no patch restores)"],
            GitProvenance.Read(repository.Path, recordUntracked: false, []).Notes
        );
    }

    private static void WithoutCommits(params string[] options)
    {
        using var repository = new GitRepository(options);
        repository.Write("a", "1\n");
        repository.Write("b", Noise);
        repository.Git("add", "a");

        Dictionary<string, string> facts = Facts(repository);

        Assert.Equal("none", facts["git.commit"]);
        Assert.Equal("main", facts["git.branch"]);
        Assert.Equal(Tree(repository.Path), Tree(repository.Recreate("none", facts["git.patch"])));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_staged_change_that_the_tree_has_undone_is_no_change()
    {
        using var repository = new GitRepository();
        repository.Write("a", "1\n");
        repository.Commit();
        repository.Write("a", "2\n");
        repository.Git("add", "a");
        repository.Write("a", "1\n");

        Assert.DoesNotContain("git.patch", Facts(repository));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Added_and_removed_submodules_are_in_the_patch_as_git_writes_them()
    {
        using var inner = new GitRepository();
        inner.Write("a", "1\n");
        inner.Commit();
        using var outer = new GitRepository();
        outer.Write("a", "1\n");
        string first = outer.Commit();
        outer.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.Path, "sub");

        string added = Facts(outer)["git.patch"];
        AssertAsGitWritesIt(outer, added);
        Assert.Contains("new file mode 160000", added, StringComparison.Ordinal);
        outer.Recreate(first, added);

        string second = outer.Commit();
        outer.Git("rm", "-q", "sub");
        string removed = Facts(outer)["git.patch"];
        AssertAsGitWritesIt(outer, removed);
        Assert.Contains("deleted file mode 160000", removed, StringComparison.Ordinal);
        outer.Recreate(second, removed);
    }

    public static bool IsUnix => GitRepository.IsAvailable && !OperatingSystem.IsWindows();

    private static void Check(
        (Action<GitRepository> Before, Action<GitRepository> Change) @case,
        params string[] options
    )
    {
        using var repository = new GitRepository(options);
        repository.Write("same", "same\n");
        @case.Before(repository);
        string commit = repository.Commit();
        Assert.Equal("no", Facts(repository)["git.dirty"]);
        @case.Change(repository);
        string objects = repository.Git("count-objects", "-v");

        Dictionary<string, string> facts = Facts(repository);

        Assert.Equal(commit, facts["git.commit"]);
        Assert.Equal("yes", facts["git.dirty"]);
        Assert.DoesNotContain("git.not_in_patch", facts);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts["git.patch"]))),
            facts["git.patch_sha256"]
        );
        Assert.Equal(objects, repository.Git("count-objects", "-v"));
        Assert.Equal(Tree(repository.Path, without: ".log"), Tree(repository.Recreate(commit, facts["git.patch"])));
        AssertAsGitWritesIt(repository, facts["git.patch"]);
    }

    /// <summary>Git's own patch of the whole tree, except for binary files: git may encode them differently.</summary>
    private static void AssertAsGitWritesIt(GitRepository repository, string patch)
    {
        if (!patch.Contains("GIT binary patch", StringComparison.Ordinal))
        {
            repository.Git("add", "-A");
            Assert.Equal(
                repository.Git(
                    "-c",
                    "core.quotePath=false",
                    "diff",
                    "--cached",
                    "--no-renames",
                    "--full-index",
                    "HEAD"
                ),
                patch
            );
        }
    }

    private static Dictionary<string, string> Facts(GitRepository repository) =>
        GitFacts.WithUntracked(repository.Path).ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{i}\n"));

    private static void Executable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Every file except git's own and those with the ignored extension: name, mode and content.</summary>
    private static string Tree(string folder, string? without = null)
    {
        IEnumerable<string> files = Directory
            .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Select(file => (File: new FileInfo(file), Name: Path.GetRelativePath(folder, file)))
            .Where(f => !f.Name.StartsWith(".git" + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            .Where(f => f.File.LinkTarget is not null || f.File.Exists)
            .Where(f => f.File.Extension.Length == 0 || f.File.Extension != without)
            .OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => $"{f.Name} {Describe(f.File)}");
        return string.Join('\n', files);
    }

    private static string Describe(FileInfo file)
    {
        if (file.LinkTarget is { } target)
        {
            return $"-> {target}";
        }

        bool executable = !OperatingSystem.IsWindows() && file.UnixFileMode.HasFlag(UnixFileMode.UserExecute);
        return $"{executable} {Convert.ToHexString(File.ReadAllBytes(file.FullName))}";
    }
}
