using System.Collections.Concurrent;
using BreakHis.Provenance.Git;
using BreakHis.Wording;
using LibGit2Sharp;

namespace BreakHis.Audit.Inputs;

/// <summary>
/// The git repository in which an audit looks for the code of runs. Commits that runs share are looked up once. Writes
/// nothing to the repository.
/// </summary>
internal sealed class CodeRepository : IDisposable
{
    private readonly Repository? _repository;

    // The folder of a repository that only the git program reads.
    private readonly string? _programFolder;

    private readonly ConcurrentDictionary<string, bool> _commits = new(StringComparer.Ordinal);

    /// <param name="folder">A folder in the working tree.</param>
    public CodeRepository(string folder)
    {
        try
        {
            _repository = GitRepositories.Containing(folder);
        }
        catch (Exception e) when (GitRepositories.IsUnreadable(e))
        {
            Unread = OneLine.Of(e.Message);
            _programFolder = Asked(folder, "rev-parse", "--show-toplevel") ?? Asked(folder, "rev-parse", "--git-dir");
        }
    }

    /// <summary>The root of the working tree, or null if there is none.</summary>
    public string? Root => _repository?.Info.WorkingDirectory ?? _programFolder;

    /// <summary>The working tree, or the folder of a bare repository; null if there is none.</summary>
    public string? Folder => Root ?? _repository?.Info.Path;

    /// <summary>Why the library cannot read the repository; null if it can.</summary>
    public string? Unread { get; }

    public void Dispose() => _repository?.Dispose();

    /// <summary>Returns whether the repository has a commit.</summary>
    public bool Has(string commit) =>
        _commits.GetOrAdd(
            commit,
            sha =>
                _programFolder is not null
                    ? sha.All(char.IsAsciiHexDigit) && Asked(_programFolder, "cat-file", "-t", sha) == "commit"
                    : ObjectId.TryParse(sha, out _) && _repository?.Lookup<Commit>(sha) is not null
        );

    /// <summary>Returns the text of a file in a commit, or null.</summary>
    public string? Text(string commit, string path) =>
        !Has(commit) ? null
        : _repository is null
            ? GitProgram.Read(_programFolder!, [], ["cat-file", "blob", $"{commit}:{path}"]) is { Done: true } file
                    ? file.Output
                : null
        : _repository.Lookup<Commit>(commit)[path]?.Target is Blob blob ? Contents.Text(_repository, blob.Id, path)
        : null;

    /// <summary>Returns the line that git prints, or null if it fails.</summary>
    private static string? Asked(string folder, params string[] arguments) =>
        GitProgram.Read(folder, [], arguments) is { Done: true } answer ? answer.Output.TrimEnd('\n') : null;
}
