using BreakHis.Data;
using BreakHis.Training.Weights;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// Pooled features on disk, in a folder named by the hash of all that determines them: the features, and beside them
/// their own SHA-256, written last, so that a torn or changed file is noticed and made anew. Several processes may write
/// at once: each file is put in place whole, and all write the same bytes.
/// </summary>
internal sealed class FeatureCache(string folder)
{
    private string FeaturesFile => Path.Combine(folder, "features.safetensors");

    private string HashFile => Path.Combine(folder, "features.sha256");

    /// <summary>SHA-256 of the features file, as written down.</summary>
    public string Sha256 => File.ReadAllText(HashFile).Trim();

    /// <summary>Whether whole and unchanged features are there.</summary>
    public bool IsComplete =>
        File.Exists(HashFile) && File.Exists(FeaturesFile) && Sha256 == FileHash.Sha256(FeaturesFile);

    /// <summary>Reads the features, one row an image of the plan: images × channels.</summary>
    public Tensor Read()
    {
        using SafeTensorsContent content = SafeTensors.Read(FeaturesFile);
        return content.Tensors["features"].alias();
    }

    /// <summary>Writes the features, then their hash.</summary>
    public void Write(Tensor features)
    {
        Directory.CreateDirectory(folder);
        SafeTensors.Write(FeaturesFile, [("features", features)]);
        WholeFile.Write(HashFile, FileHash.Sha256(FeaturesFile) + "\n");
    }
}
