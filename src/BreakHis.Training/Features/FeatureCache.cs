using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Training.Checkpoints;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using static System.FormattableString;
using static TorchSharp.torch;

namespace BreakHis.Training.Features;

/// <summary>
/// Pooled features on disk, in a folder named by the hash of everything that determines them. The SHA-256 of the
/// features is written last, so that an incomplete or changed file is detected and rebuilt. During extraction the
/// folder also contains parts, from which the next process resumes if this one is killed. A process locks the folder
/// while it computes or reads features.
/// </summary>
internal sealed class FeatureCache(HomeFolder home, string key)
{
    private const string Features = "features";
    private const string Hash = "sha256";
    private const int LongestHash = 200;
    private const int LongestHeader = 4_096;

    private string FeaturesFile => Path.Combine(home.Cached(key), "features.safetensors");

    private string HashFile => home.CachedHash(key);

    /// <summary>SHA-256 of the features file, as recorded.</summary>
    public string Sha256 => RegularFile.Text(HashFile).Trim();

    /// <summary>Whether the cache has complete, unchanged features.</summary>
    public bool IsComplete =>
        RegularFile.Exists(HashFile)
        && new FileInfo(HashFile).Length <= LongestHash
        && RegularFile.Exists(FeaturesFile)
        && Sha256 == Sha256Hex.OfFile(FeaturesFile);

    /// <summary>Returns whether the features file has one row per image and one column per channel.</summary>
    public bool Has(long images, long channels)
    {
        using FileStream stream = File.OpenRead(FeaturesFile);
        try
        {
            return SafeTensorsHeader.Read(stream, FeaturesFile).Entries
                    is [{ Name: Features, Type: "F32", Shape: [var rows, var columns] } entry]
                && (rows, columns, entry.End) == (images, channels, images * channels * sizeof(float));
        }
        catch (WeightsException)
        {
            return false;
        }
    }

    /// <summary>
    /// Reads the features, one row per image of the plan: images × channels. The modification time of the hash records
    /// this use.
    /// </summary>
    public Tensor Read()
    {
        File.SetLastWriteTimeUtc(HashFile, DateTime.UtcNow);
        using SafeTensorsContent content = SafeTensors.Read(FeaturesFile);
        return content.Tensors[Features].alias();
    }

    /// <summary>Writes the features, then their hash, then deletes the parts.</summary>
    public void Write(Tensor features)
    {
        SafeTensors.Write(FeaturesFile, [(Features, features)]);
        AtomicFile.Write(HashFile, Sha256Hex.OfFile(FeaturesFile) + "\n");
        foreach (string part in Directory.GetFiles(home.Cached(key), "part-*"))
        {
            File.Delete(part);
        }
    }

    /// <summary>Deletes the features and all parts of them.</summary>
    public void Discard() => Directory.Delete(home.Cached(key), recursive: true);

    /// <summary>Deletes unfinished files of killed processes.</summary>
    public void DeleteUnfinished() => AtomicFile.DeleteUnfinished(home.Cached(key));

    /// <summary>Writes the features of some images during extraction.</summary>
    public void WritePart(int number, Tensor features) =>
        SafeTensors.Write(
            PartFile(number),
            [(Features, features)],
            new Dictionary<string, string>(StringComparer.Ordinal) { [Hash] = StateHash.Of([(Features, features)]) }
        );

    /// <summary>Copies a part written by an earlier process, if it exists and is unchanged.</summary>
    public bool TryReadPart(int number, Tensor features)
    {
        // A part has little more than its values.
        if (
            !RegularFile.Exists(PartFile(number))
            || new FileInfo(PartFile(number)).Length > (features.numel() * sizeof(float)) + LongestHeader
        )
        {
            return false;
        }

        try
        {
            using SafeTensorsContent content = SafeTensors.Read(PartFile(number));
            Tensor part = content.Tensors[Features];
            bool whole =
                part.shape.SequenceEqual(features.shape) && content.Metadata[Hash] == StateHash.Of([(Features, part)]);
            if (whole)
            {
                features.copy_(part);
            }

            return whole;
        }
        catch (Exception e) when (e is WeightsException or KeyNotFoundException)
        {
            return false;
        }
    }

    private string PartFile(int number) =>
        Path.Combine(home.Cached(key), Invariant($"part-{number:00000}.safetensors"));
}
