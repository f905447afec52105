using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>A file of weights at its publisher's address.</summary>
/// <param name="From">The publisher: one word, unique among files for the same backbone.</param>
/// <param name="Bytes">The length, or null unless confirmed.</param>
/// <param name="Licence">What is known about the licence.</param>
/// <param name="Preprocessing">The preprocessing of images, in the words of <see cref="PreprocessingText"/>.</param>
internal sealed record PublishedFile(
    string From,
    Uri Address,
    PublishedDigest Digest,
    long? Bytes,
    string Licence,
    string Preprocessing
)
{
    /// <summary>The file's name: the last part of its address.</summary>
    public string Name => Path.GetFileName(Address.AbsolutePath);

    /// <summary>
    /// Describes how a file differs from the published one; null if it does not. A file of another length is not read.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string? Misfit(string path) =>
        Bytes is long expected && new FileInfo(path).Length is var found && found != expected
            ? $"it has {Plural.Of(found, "byte")}, expected {Digits.Of(expected)}"
            : Digest.Misfit(path);
}
