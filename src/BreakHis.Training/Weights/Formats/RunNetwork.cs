using BreakHis.Runs;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// The network that the fine_tune stage of a run kept, as three files of the run's folder: the tensors of backbone and
/// head, how the network reads images, and the names of the classes.
/// </summary>
internal sealed record RunNetwork(string Weights, string Preprocessing, string Classes)
{
    /// <summary>What the names of a backbone's tensors begin with.</summary>
    public const string BackbonePrefix = "backbone.";

    /// <summary>What the names of a head's tensors begin with.</summary>
    public const string HeadPrefix = "head.";

    /// <summary>The name of a dense layer in a head.</summary>
    /// <param name="number">The number of the layer, from 1.</param>
    public static string Layer(int number) => $"dense{number}";

    /// <summary>The files of which a path is the first, or null if it is not a network that a run kept.</summary>
    /// <param name="path">The path of a .safetensors file.</param>
    /// <exception cref="WeightsException">The other files are missing.</exception>
    public static RunNetwork? At(string path)
    {
        if (
            Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(path))) is not string parent
            || !IsNetwork(path)
        )
        {
            return null;
        }

        var run = new RunFolder(parent);
        var network = new RunNetwork(path, run.File(RunFolder.Preprocessing), run.File(RunFolder.Classes));
        return !File.Exists(network.Classes)
                ? throw new WeightsException(
                    $"{path}: was kept by a run, and is not in its folder: there is no {network.Classes}; use the file there, or add it from there with 'dotnet breakhis weights add'"
                )
            : !File.Exists(network.Preprocessing)
                ? throw new WeightsException(
                    $"{path}: its run was recorded by a version that did not keep the preprocessing with the weights ({RunFolder.Preprocessing}); run it again with --fresh"
                )
            : network;
    }

    private static bool IsNetwork(string path)
    {
        using FileStream stream = File.OpenRead(path);
        string[] names = [.. SafeTensorsHeader.Read(stream, path).Entries.Select(entry => entry.Name)];
        return names.Contains($"{HeadPrefix}{Layer(1)}.weight", StringComparer.Ordinal)
            && names.Any(name => name.StartsWith(BackbonePrefix, StringComparison.Ordinal))
            && Array.TrueForAll(
                names,
                name =>
                    name.StartsWith(BackbonePrefix, StringComparison.Ordinal)
                    || name.StartsWith(HeadPrefix, StringComparison.Ordinal)
            );
    }
}
