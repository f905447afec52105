using LibGit2Sharp;

namespace BreakHis.Provenance.Git;

/// <summary>Compares texts line by line, as git does.</summary>
/// <param name="repository">Any repository. Nothing is written to its disk (<see cref="MemoryObjects"/>).</param>
internal sealed class TextDifferences(Repository repository)
{
    /// <summary>Returns the differing lines in git's format, without a header; empty if there are none.</summary>
    /// <param name="before">The first text, or null if there is none.</param>
    /// <param name="after">The second text, or null if there is none.</param>
    public string Between(byte[]? before, byte[]? after) =>
        repository.Diff.Compare(BlobOf(before), BlobOf(after)).Patch;

    private Blob? BlobOf(byte[]? content)
    {
        if (content is null)
        {
            return null;
        }

        using var stream = new MemoryStream(content);
        return repository.ObjectDatabase.CreateBlob(stream);
    }
}
