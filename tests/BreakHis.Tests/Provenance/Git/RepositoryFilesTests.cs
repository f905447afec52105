using System.Net.Sockets;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>A repository of somebody else may have pipes or files without an end where git reads.</summary>
public sealed class RepositoryFilesTests : IDisposable
{
    private readonly GitRepository _repository = new();

    public RepositoryFilesTests()
    {
        _repository.Write("code", "1\n");
        _repository.Write("sub/code", "1\n");
        _repository.Commit();
        _repository.Git("pack-refs", "--all");
    }

    public void Dispose() => _repository.Dispose();

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData(".git")]
    [InlineData(".git/HEAD")]
    [InlineData(".git/index")]
    [InlineData(".git/packed-refs")]
    [InlineData(".git/config")]
    [InlineData(".git/commondir")]
    [InlineData(".git/objects/info/alternates")]
    [InlineData(".git/refs/notes/breakhis")]
    [InlineData(".git/info/attributes")]
    [InlineData(".gitattributes")]
    [InlineData("sub/.gitignore")]
    public async Task A_pipe_is_named_and_not_waited_for(string file)
    {
        Replace(file);

        await Named(file, "pipe");
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData(".git")]
    [InlineData(".git/HEAD")]
    [InlineData(".git/index")]
    [InlineData(".git/packed-refs")]
    [InlineData(".git/objects/info/alternates")]
    public async Task A_file_of_any_length_is_named_and_not_read(string file)
    {
        Remove(file);
        using (FileStream stream = File.Create(_repository[file]))
        {
            stream.SetLength(1L << 40);
        }

        await Named(file, "expected at most");
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("store/pack/pack-1.idx")]
    [InlineData("store/ab/object")]
    public async Task A_pipe_among_the_objects_of_another_folder_is_named(string file)
    {
        Replace(file);
        _repository.Write(".git/objects/info/alternates", _repository["store"] + "\n.\n");

        await Named(file, "pipe");
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("\"store\"\n", "in quotes")]
    [InlineData("a\0b\n", "zero byte")]
    public async Task Names_of_folders_with_objects_that_are_not_read_are_named(string alternates, string reason)
    {
        _repository.Write(".git/objects/info/alternates", alternates);

        await Named("objects/info/alternates", reason);
    }

    /// <summary>A log has a line for each commit, and packs and commits of others have any length.</summary>
    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void Repositories_with_long_histories_are_read()
    {
        string line = new string('0', 40) + " " + _repository.Git("rev-parse", "HEAD").Trim() + " A <a@b> 1 +0000\tx\n";
        string log = string.Concat(Enumerable.Repeat(line, 1_000));
        _repository.Write(".git/logs/HEAD", log);
        _repository.Write(".git/logs/refs/heads/main", log);
        Directory.CreateDirectory(_repository["store/pack"]);
        using (FileStream pack = File.Create(_repository["store/pack/pack-1.pack"]))
        {
            pack.SetLength(3L << 30);
        }

        _repository.Write(".git/objects/info/alternates", _repository["store"] + "\n");
        _repository.Git("worktree", "add", "-q", "--detach", "../linked");
        _repository.Write(".git/info/exclude", "store\n");

        foreach (string folder in (string[])[_repository.Path, _repository["../linked"]])
        {
            CodeState state = GitProvenance.Read(folder, recordUntracked: false, []);

            Assert.DoesNotContain(state.Entries, entry => entry.Name == ProvenanceNames.GitUnread);
            Assert.Contains(
                state.Entries,
                entry => entry.Name == ProvenanceNames.GitCommit && entry.Value.Length == 40
            );
        }
    }

    /// <summary>Any folder could be named; this one would be walked for hours.</summary>
    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("gitdir: /\n")]
    [InlineData("gitdir:\n")]
    public async Task A_folder_that_is_no_repository_is_not_walked(string link)
    {
        Directory.Delete(_repository[".git"], recursive: true);
        _repository.Write(".git", link);
        NamedPipe.Make(_repository["pipe"]);

        Task<CodeState> reading = Task.Run(() => GitProvenance.Read(_repository.Path, recordUntracked: false, []));
        CodeState state = await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.DoesNotContain(state.Entries, entry => entry.Value.Contains("pipe", StringComparison.Ordinal));
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData(".gitignore")]
    [InlineData("sub/.gitattributes")]
    public async Task A_link_to_a_pipe_is_named(string file)
    {
        Replace("pipe");
        File.CreateSymbolicLink(_repository[file], _repository["pipe"]);

        await Named(file, "pipe");
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public async Task A_folder_that_is_itself_a_repository_is_checked()
    {
        foreach (string entry in Directory.GetFileSystemEntries(_repository[".git"]))
        {
            Directory.Move(entry, _repository[Path.GetFileName(entry)]);
        }

        Directory.Delete(_repository[".git"]);
        Replace("refs/heads/other");

        await Named("refs/heads/other", "pipe");
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public async Task The_repository_around_an_empty_one_is_checked()
    {
        Directory.CreateDirectory(_repository["sub/.git"]);
        Replace(".git/refs/heads/other");

        await Named(".git/refs/heads/other", "pipe", _repository["sub"]);
    }

    [Theory(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    [InlineData("gitdir:../elsewhere")]
    [InlineData("gitdir: ../elsewhere\n")]
    public async Task A_repository_elsewhere_is_checked(string link)
    {
        Directory.Move(_repository[".git"], _repository["../elsewhere"]);
        _repository.Write(".git", link);
        Replace("../elsewhere/refs/heads/other");

        await Named("elsewhere/refs/heads/other", "pipe");
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public async Task Names_that_are_too_deep_are_named()
    {
        Directory.CreateDirectory(_repository[$".git/refs/heads/{string.Concat(Enumerable.Repeat("a/", 70))}"]);

        await Named("refs/heads", "folders deep");
    }

    [Fact(SkipUnless = nameof(GitRepository.IsAvailable), SkipType = typeof(GitRepository), Skip = "needs git")]
    public void A_socket_such_as_that_of_a_file_monitor_holds_up_nothing()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_repository[".git/s"]));

        CodeState state = GitProvenance.Read(_repository.Path, recordUntracked: false, []);

        Assert.DoesNotContain(state.Entries, entry => entry.Name == ProvenanceNames.GitUnread);
    }

    private async Task Named(string file, string reason, string? folder = null)
    {
        Task<CodeState> reading = Task.Run(() =>
            GitProvenance.Read(folder ?? _repository.Path, recordUntracked: false, [])
        );
        CodeState state = await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        string unread = Assert.Single(state.Entries, entry => entry.Name == ProvenanceNames.GitUnread).Value;
        Assert.Contains(file, unread, StringComparison.Ordinal);
        Assert.Contains(reason, unread, StringComparison.Ordinal);
    }

    private void Replace(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_repository[file])!);
        Remove(file);
        NamedPipe.Make(_repository[file]);
    }

    private void Remove(string file)
    {
        if (Directory.Exists(_repository[file]))
        {
            Directory.Delete(_repository[file], recursive: true);
        }

        File.Delete(_repository[file]);
    }
}
