using System.Diagnostics;
using System.Security.Cryptography;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Tests.Provenance.Git;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

/// <summary>The code of a run is its commit with its patch, in a folder that leaves nothing behind.</summary>
public sealed class RecordedCodeTests : IDisposable
{
    private readonly GitRepository _repository = new();
    private readonly AuditedRuns _runs;
    private readonly RecordedRun _run;

    public RecordedCodeTests()
    {
        _repository.Write("sub/code", "1\n");
        _repository.Commit();
        _repository.Write("sub/code", "2\n");
        _runs = new AuditedRuns(_repository["sub"]);
        _run = _runs.Run();
        _repository.Write("sub/code", "3\n");
    }

    public void Dispose()
    {
        _runs.Dispose();
        _repository.Dispose();
    }

    /// <summary>The run, as if made at another commit, without a patch.</summary>
    private RecordedRun At(string commit, params ProvenanceEntry[] entries) =>
        _run with
        {
            Provenance =
            [
                .. _run.Provenance.Where(entry => entry.Name is not ("git.folder" or "git.commit" or "git.patch")),
                new("git.commit", commit),
                .. entries,
            ],
        };

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Commit_and_patch_are_checked_out_and_removed_again()
    {
        string folder;
        using (var code = RecordedCode.CheckOut(_run, _repository.Path))
        {
            folder = code.Folder;
            Assert.Null(code.Without);
            Assert.Equal(Path.Combine(folder, "tree"), code.Tree);
            Assert.Equal(Path.Combine(folder, "tree", "sub"), code.Work);
            Assert.Equal("2\n", File.ReadAllText(Path.Combine(code.Work, "code")));
            Assert.Equal(1, Worktrees());
        }

        Assert.False(Directory.Exists(folder));
        Assert.Equal("3\n", File.ReadAllText(_repository["sub/code"]));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Settings_of_the_repository_do_not_count()
    {
        string executed = _repository["../executed"];
        _repository.Write(".gitattributes", "* filter=zz\n");
        string commit = _repository.Commit();
        string victim = Directory.CreateTempSubdirectory("breakhis-victim-").FullName;
        File.WriteAllText(Path.Combine(victim, ".gitattributes"), "mine");
        File.AppendAllText(
            _repository[".git/config"],
            $"""
            [core]
            repositoryFormatVersion = 1
            worktree = {victim}
            hooksPath = hooks
            [extensions]
            worktreeConfig = true
            [filter "zz"]
            smudge = "touch {executed}; cat"

            """
        );
        _repository.Write(".git/hooks/post-checkout", $"#!/bin/sh\ntouch {executed}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_repository[".git/hooks/post-checkout"], (UnixFileMode)0b111_101_101);
        }

        using var code = RecordedCode.CheckOut(At(commit), _repository.Path);

        Assert.Null(code.Without);
        Assert.True(File.Exists(Path.Combine(code.Tree!, ".gitattributes")));
        Assert.False(File.Exists(executed));
        Assert.Equal(["mine"], Directory.GetFiles(victim).Select(File.ReadAllText));
        Directory.Delete(victim, recursive: true);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Nothing_in_the_repository_changes()
    {
        _repository.Git("worktree", "add", "-q", "--detach", "../unplugged");
        Directory.Move(_repository["../unplugged"], _repository["../elsewhere"]);
        string[] before = Files();

        RecordedCode.CheckOut(_run, _repository.Path).Dispose();

        Assert.Equal(before, Files());
        Assert.Contains(before, file => file.Contains("worktrees/unplugged", StringComparison.Ordinal));

        string[] Files() =>
            [
                .. Directory
                    .GetFiles(_repository[".git"], "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
            ];
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Objects_may_be_in_other_folders_and_nothing_refers_to_them()
    {
        string commit = _repository.Commit();
        string clone = _repository["../clone"];
        _repository.Git("clone", "-q", "--shared", ".", clone);

        using var code = RecordedCode.CheckOut(At(commit), clone);

        Assert.Null(code.Without);
        Assert.Equal("3\n", File.ReadAllText(Path.Combine(code.Tree!, "sub", "code")));
        Assert.False(File.Exists(Path.Combine(code.Tree!, ".git/objects/info/alternates")));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void What_the_code_wrote_is_deleted_at_any_depth_and_by_any_name()
    {
        var code = RecordedCode.CheckOut(_run, _repository.Path);
        string script = """
            cd "$1" && touch "$(printf '\344')" && mkdir shut && touch shut/x && chmod 0 shut
            i=0; while [ $i -lt 500 ]; do mkdir dddddddddd && cd -P dddddddddd || exit 1; i=$((i+1)); done
            """;
        using (Process shell = Process.Start("sh", ["-c", script, "sh", code.Folder])!)
        {
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }

        Assert.True(code.Delete());
        Assert.False(Directory.Exists(code.Folder));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_filter_whose_name_is_not_UTF_8_is_not_executed_either()
    {
        string executed = _repository["../executed"];
        byte[] name = [(byte)'z', 0xff];
        _repository.Write(".gitattributes", [.. "* filter="u8, .. name, .. "\n"u8]);
        string commit = _repository.Commit();
        using (FileStream config = File.Open(_repository[".git/config"], FileMode.Append))
        {
            config.Write([
                .. "[filter \""u8,
                .. name,
                .. System.Text.Encoding.UTF8.GetBytes($"\"]\n\tsmudge = \"touch {executed}; cat\"\n"),
            ]);
        }

        using var code = RecordedCode.CheckOut(At(commit), _repository.Path);

        Assert.Null(code.Without);
        Assert.False(File.Exists(executed));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_link_in_the_code_does_not_lead_out_of_it()
    {
        string victim = Directory.CreateTempSubdirectory("breakhis-victim-").FullName;
        Directory.CreateSymbolicLink(_repository["link"], victim);
        string commit = _repository.Commit();
        RecordedRun run = At(commit, new ProvenanceEntry("git.folder", "link/made/by/record"));

        using var code = RecordedCode.CheckOut(run, _repository.Path);

        Assert.Equal(code.Tree, code.Work);
        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        Directory.Delete(victim);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Without_a_patch_the_commit_is_checked_out()
    {
        using var code = RecordedCode.CheckOut(
            _run with
            {
                Provenance = [.. _run.Provenance.Where(entry => entry.Name != "git.patch")],
            },
            _repository.Path
        );

        Assert.Null(code.Without);
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(code.Work, "code")));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_commit_whose_differences_could_not_be_read_is_not_the_code()
    {
        using var code = RecordedCode.CheckOut(
            _run with
            {
                Provenance =
                [
                    .. _run.Provenance.Where(entry => entry.Name != "git.patch"),
                    new("git.unread", "a broken index"),
                ],
            },
            _repository.Path
        );

        Assert.Null(code.Tree);
        Assert.EndsWith(": a broken index", code.Without, StringComparison.Ordinal);
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Without_a_recorded_folder_the_work_folder_is_the_root()
    {
        using var code = RecordedCode.CheckOut(
            _run with
            {
                Provenance = [.. _run.Provenance.Where(entry => entry.Name != "git.folder")],
            },
            _repository.Path
        );

        Assert.Equal(code.Tree, code.Work);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("git.repository", "none")]
    [InlineData("git.repository", "bare")]
    [InlineData("git.commit", "none")]
    [InlineData("git.commit", "0123456789012345678901234567890123456789")]
    [InlineData("git.patch", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n")]
    public void If_the_code_is_not_available_there_is_an_empty_work_folder(string fact, string value)
    {
        string folder;
        using (var code = RecordedCode.CheckOut(With(fact, value), _repository.Path))
        {
            folder = code.Folder;
            Assert.NotEmpty(code.Without!);
            Assert.DoesNotContain('\n', code.Without!);
            Assert.Null(code.Tree);
            Assert.Equal(Path.Combine(folder, "work"), code.Work);
            Assert.Empty(Directory.EnumerateFileSystemEntries(code.Work));
        }

        Assert.False(Directory.Exists(folder));
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Nothing_is_left_behind_if_the_work_folder_cannot_be_created()
    {
        Assert.Throws<ArgumentException>(() => RecordedCode.CheckOut(With("git.folder", "a\0b"), _repository.Path));

        Assert.Equal(1, Worktrees());
    }

    private int Worktrees() =>
        _repository
            .Git("worktree", "list", "--porcelain")
            .Split('\n')
            .Count(line => line.StartsWith("worktree ", StringComparison.Ordinal));

    private RecordedRun With(string name, string value) =>
        _run with
        {
            Provenance = [.. _run.Provenance.Where(entry => entry.Name != name), new ProvenanceEntry(name, value)],
        };
}
