using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Training.Weights.Formats;

namespace BreakHis.Training.Weights.Known;

/// <summary>A file of bundled weights.</summary>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
internal sealed record KnownFile(string Name, string Sha256);

/// <summary>The weights that <c>weights: imagenet</c> refers to. Needs no torch.</summary>
/// <param name="Files">The bundled files, or none.</param>
internal sealed record KnownWeights(string Backbone, IReadOnlyList<KnownFile> Files, string Licence, string Origin)
{
    private const string Folder = "weights";

    /// <summary>All known weights, one entry per backbone.</summary>
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
        )
        {
            Preprocessing = "BGR, x - mean image of 224 x 224",
        },
        .. PublishedFiles.Backbones.Select(OfPublished),
    ];

    /// <summary>Whether the weights are bundled with the program.</summary>
    public bool Bundled => Files.Count > 0;

    /// <summary>The preprocessing of images, in the words of <see cref="PreprocessingText"/>.</summary>
    public string Preprocessing { get; init; } = "";

    /// <summary>The published files for the backbone, starting with the default one.</summary>
    public IReadOnlyList<PublishedFile> Published { get; init; } = [];

    /// <summary>The known weights of a backbone.</summary>
    /// <param name="backbone">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="WeightsException">There are none.</exception>
    public static KnownWeights Of(string backbone) =>
        All.FirstOrDefault(k => k.Backbone == backbone)
        ?? throw new WeightsException($"no ImageNet weights are known for the backbone {backbone}");

    /// <summary>
    /// Finds a backbone's ImageNet weights. Verifies the content if they are bundled or have the name of a published
    /// file.
    /// </summary>
    /// <param name="backbone">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <param name="weightsFolder">
    /// The folder for weights that are not bundled, with one subfolder per backbone; or null.
    /// </param>
    /// <exception cref="WeightsException">
    /// The weights are missing, or not the expected ones. The message says what to put where.
    /// </exception>
    public static WeightsSource Find(string backbone, string? weightsFolder)
    {
        KnownWeights known = Of(backbone);
        return known.Bundled ? known.In(known.ProgramFolder) : known.InFolder(weightsFolder);
    }

    /// <summary>The folder of bundled weights.</summary>
    public string ProgramFolder => Path.Combine(AppContext.BaseDirectory, Folder, Backbone);

    /// <summary>Whether a folder has no weights, so that new ones may be put there.</summary>
    /// <param name="folder">The folder, which may be missing.</param>
    public static bool IsEmpty(string folder) => FilesIn(folder).Count == 0;

    /// <summary>The error for a folder whose weights must not be replaced, on one line.</summary>
    public static string Occupied(string folder) =>
        $"{folder}: already contains other weights ({string.Join(", ", FilesIn(folder))}); move them away, or choose another folder with --out and set model.weights in the spec to the file";

    /// <summary>The names of the files in a folder of weights, without recorded hashes and unfinished files.</summary>
    /// <param name="folder">The folder, which may be missing.</param>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder)
                    .Select(file => Path.GetFileName(file))
                    .Where(name =>
                        !name.EndsWith(HashRecord.Extension, StringComparison.Ordinal)
                        && !name.EndsWith(AtomicFile.Unfinished, StringComparison.Ordinal)
                    )
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    /// <summary>The bundled files in a folder, all verified.</summary>
    internal WeightsSource In(string folder)
    {
        foreach (KnownFile file in Files)
        {
            Check(Path.Combine(folder, file.Name), file);
        }

        return WeightsSource.Find(Path.Combine(folder, Files[0].Name));
    }

    private static KnownWeights OfPublished(string backbone)
    {
        IReadOnlyList<PublishedFile> published = PublishedFiles.Of(backbone);
        return new(backbone, [], published[0].Licence, $"{published[0].From}, {published[0].Address}")
        {
            Preprocessing = published[0].Preprocessing,
            Published = published,
        };
    }

    private void Check(string path, KnownFile expected)
    {
        if (!File.Exists(path))
        {
            throw new WeightsException($"{path}: missing; it comes with the tool ({Origin}); reinstall the tool");
        }

        string found = WeightsSource.HashOf(path);
        if (found != expected.Sha256)
        {
            throw new WeightsException($"{path}: SHA-256 is {found}, expected {expected.Sha256}; reinstall the tool");
        }
    }

    private WeightsSource InFolder(string? weightsFolder)
    {
        string folder = HomeFolder.WeightsOf(weightsFolder ?? "<weights folder>", Backbone);
        if (weightsFolder is null || IsEmpty(folder))
        {
            PublishedFile file = Published[0];
            throw new WeightsException(
                $"{folder}: has no ImageNet weights of {Backbone}; download them with 'dotnet breakhis weights fetch {Backbone}', or put {file.Name} from {file.Address} there"
            );
        }

        foreach (PublishedFile published in Published)
        {
            string path = Path.Combine(folder, published.Name);
            WeightsSource.CheckKind(path);
            if (File.Exists(path) && published.Digest.Misfit(path) is string misfit)
            {
                throw new WeightsException(
                    $"{path}: not the file published by {published.From}: {misfit}; delete it and download it again with 'dotnet breakhis weights fetch {Backbone}'"
                );
            }
        }

        return WeightsSource.Find(folder);
    }
}
