namespace BreakHis.Training.Weights.Known;

/// <summary>A file of weights that its makers publish at an address of their own.</summary>
/// <param name="From">Who publishes it, one word that tells it from others of the same backbone.</param>
/// <param name="Address">Where.</param>
/// <param name="Digest">The digest that they publish of it.</param>
/// <param name="Bytes">Its length, where it was seen for certain.</param>
/// <param name="Licence">What is known of its licence.</param>
/// <param name="Preprocessing">What pictures undergo before its network sees them, as <see cref="PreprocessingText"/> says it.</param>
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
}
