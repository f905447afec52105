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
    public async Task A_file_of_any_length_is_named_and_not_read(string file)
    {
        Remove(file);
        using (FileStream stream = File.Create(_repository[file]))
        {
            stream.SetLength(1L << 40);
        }

        await Named(file, "expected at most");
    }

    private async Task Named(string file, string reason)
    {
        Task<CodeState> reading = Task.Run(() => GitProvenance.Read(_repository.Path, recordUntracked: false, []));
        CodeState state = await reading.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        string unread = Assert.Single(state.Entries, entry => entry.Name == ProvenanceNames.GitUnread).Value;
        Assert.Contains(_repository[file], unread, StringComparison.Ordinal);
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
