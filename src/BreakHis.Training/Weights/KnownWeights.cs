using BreakHis.Specs;

namespace BreakHis.Training.Weights;

/// <summary>One file of known weights.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
public sealed record KnownFile(string Name, string Sha256);

/// <summary>The weights that <c>weights: imagenet</c> means.</summary>
/// <param name="Backbone">The backbone's name.</param>
/// <param name="Files">Its files beside the program, or none where they do not come with it.</param>
/// <param name="Licence">The licence they are under.</param>
/// <param name="Origin">Where they come from.</param>
public sealed record KnownWeights(string Backbone, IReadOnlyList<KnownFile> Files, string Licence, string Origin)
{
    private const string Folder = "weights";

    /// <summary>All known weights, one a backbone.</summary>
    public static IReadOnlyList<KnownWeights> All { get; } =
    [
        new(
            BackboneFacts.ResNet18MlNet.Name,
            [
                new("ResNet18.onnx", "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f"),
                new(WeightsSource.PreprocessFile, "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004"),
            ],
            "MIT",
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1 on NuGet"
        ),
        new(
            BackboneFacts.InceptionV3.Name,
            [],
            "as the file's source says",
            "Keras's (as a TensorFlow.js layers model) or torchvision's (as .pth or .safetensors)"
        ),
    ];

    /// <summary>Whether the files come with the program.</summary>
    public bool Bundled => Files.Count > 0;

    /// <summary>Finds a backbone's ImageNet weights, and checks the content of those that come with the program.</summary>
    /// <param name="backbone">A name of <see cref="BackboneFacts.All"/>.</param>
    /// <param name="weightsFolder">
    /// Where weights that do not come with the program lie, each in a folder of its backbone's name; or null.
    /// </param>
    /// <exception cref="WeightsException">There are none, or not those expected; the message says what to put where.</exception>
    public static WeightsSource Find(string backbone, string? weightsFolder)
    {
        KnownWeights known =
            All.FirstOrDefault(k => k.Backbone == backbone)
            ?? throw new WeightsException($"there are no known ImageNet weights for the backbone {backbone}");
        return known.Bundled
            ? known.In(Path.Combine(AppContext.BaseDirectory, Folder, backbone))
            : known.InFolder(weightsFolder);
    }

    /// <summary>Finds and reads a backbone's ImageNet weights.</summary>
    /// <param name="backbone">A name of <see cref="BackboneFacts.All"/>.</param>
    /// <param name="weightsFolder">As for <see cref="Find"/>.</param>
    /// <exception cref="WeightsException">They cannot be had or used.</exception>
    public static PretrainedWeights Read(string backbone, string? weightsFolder)
    {
        PretrainedWeights weights = WeightsReader.Read(Find(backbone, weightsFolder), backbone);
        KnownWeights known = All.First(k => k.Backbone == backbone);
        return known.Bundled ? weights with { Origin = known.Origin } : weights;
    }

    /// <summary>The bundled files in a folder, each of them checked.</summary>
    internal WeightsSource In(string folder)
    {
        foreach (KnownFile file in Files)
        {
            Check(Path.Combine(folder, file.Name), file);
        }

        return WeightsSource.Find(Path.Combine(folder, Files[0].Name));
    }

    private void Check(string path, KnownFile expected)
    {
        if (!File.Exists(path))
        {
            throw new WeightsException($"{path}: missing; it comes with the program ({Origin}): install it anew");
        }

        string found = WeightsSource.HashOf(path);
        if (found != expected.Sha256)
        {
            throw new WeightsException(
                $"{path}: SHA-256 is {found}, expected {expected.Sha256}: install the program anew"
            );
        }
    }

    private WeightsSource InFolder(string? weightsFolder)
    {
        string folder = Path.Combine(weightsFolder ?? "<weights folder>", Backbone);
        return weightsFolder is not null && Directory.Exists(folder)
            ? WeightsSource.Find(folder)
            : throw new WeightsException(
                $"{folder}: there is no such folder; put ImageNet weights of {Backbone} there: {Origin}"
            );
    }
}
