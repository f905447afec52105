using BreakHis.Files;
using BreakHis.Runs;
using BreakHis.Specs;
using BreakHis.Specs.Problems;
using BreakHis.Training.Weights.Formats;
using BreakHis.Wording;

namespace BreakHis.Training.Weights.Known;

/// <summary>A file of bundled weights.</summary>
/// <param name="Sha256">SHA-256 of its content, in lower-case hexadecimal.</param>
internal sealed record KnownFile(string Name, string Sha256);

/// <summary>The weights that <c>weights: imagenet</c> refers to. Needs no torch.</summary>
/// <param name="Files">The bundled files, or none.</param>
internal sealed record KnownWeights(string Backbone, IReadOnlyList<KnownFile> Files, string Licence, string Origin)
{
    private const string Folder = "weights";
    private const string Added = ".safetensors";

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

    /// <summary>
    /// Finds weights in the weights folder by name: that of a published file, such as torchvision, or that under which
    /// they were added. Verifies their content.
    /// </summary>
    /// <param name="backbone">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <param name="weightsFolder">The weights folder, with one subfolder per backbone.</param>
    /// <exception cref="WeightsException">There are none, or not the expected ones.</exception>
    public static WeightsSource Named(string backbone, string name, string weightsFolder)
    {
        KnownWeights known = Of(backbone);
        string folder = HomeFolder.WeightsOf(weightsFolder, backbone);
        PublishedFile? published = known.Published.FirstOrDefault(file => file.From == name);
        if (published is null)
        {
            string added = AddedFile(folder, name);
            return File.Exists(added) ? Unchanged(added) : throw new WeightsException(Unknown(name, known, folder));
        }

        return known.Verified(published, folder)
            ?? throw new WeightsException(
                $"{folder}: has no {published.Name}; download it with 'dotnet breakhis weights fetch {backbone} --from {name}'"
            );
    }

    /// <summary>The file of added weights in a folder.</summary>
    public static string AddedFile(string folder, string name) => Path.Combine(folder, name + Added);

    /// <summary>The names of added weights in a folder, in ordinal order.</summary>
    /// <param name="folder">The folder, which may be missing.</param>
    public static IReadOnlyList<string> AddedNames(string folder) =>
        [
            .. FilesIn(folder)
                .Where(file => file.EndsWith(Added, StringComparison.Ordinal))
                .Select(file => file[..^Added.Length])
                .Where(WeightsFrom.IsName),
        ];

    /// <summary>Whether a folder has a file with the name of a published one.</summary>
    public bool HasPublished(string folder) =>
        Published.Any(published => File.Exists(Path.Combine(folder, published.Name)));

    /// <summary>The published file with the content of a file, whatever its name; null if there is none.</summary>
    public PublishedFile? PublishedAs(string path) =>
        RegularFile.Exists(path) ? Published.FirstOrDefault(file => file.Misfit(path) is null) : null;

    /// <summary>The folder of bundled weights.</summary>
    public string ProgramFolder => Path.Combine(AppContext.BaseDirectory, Folder, Backbone);

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
        return Published.Select(published => Verified(published, folder)).FirstOrDefault(found => found is not null)
            ?? throw new WeightsException(
                $"{folder}: has no ImageNet weights of {Backbone}; download them with 'dotnet breakhis weights fetch {Backbone}', or put {Published[0].Name} from {Published[0].Address} there"
            );
    }

    /// <summary>A published file in a folder; null if it is not there.</summary>
    private WeightsSource? Verified(PublishedFile published, string folder)
    {
        string path = Path.Combine(folder, published.Name);
        if (!File.Exists(path))
        {
            return null;
        }

        WeightsSource.CheckKind(path);
        return published.Misfit(path) is string misfit
            ? throw new WeightsException(
                $"{path}: not the file published by {published.From}: {misfit}; delete it and download it again with 'dotnet breakhis weights fetch {Backbone} --from {published.From}'"
            )
            : WeightsSource.Find(path);
    }

    /// <summary>A file of added weights. One without a record was not added; it is taken as it is.</summary>
    private static WeightsSource Unchanged(string path)
    {
        WeightsSource.CheckKind(path);
        return
            HashRecord.Read(path) is { } recorded
            && WeightsSource.HashOf(path) is var found
            && !found.Equals(recorded, StringComparison.OrdinalIgnoreCase)
            ? throw new WeightsException(
                $"{path}: has changed since it was added: SHA-256 is {found}, recorded {recorded}; add it again under another name, or write its path"
            )
            : WeightsSource.Find(path);
    }

    private static string Unknown(string name, KnownWeights known, string folder)
    {
        string[] names =
        [
            WeightsFrom.ImageNetWord,
            .. known.Published.Select(file => file.From),
            .. AddedNames(folder),
        ];
        return $"there are no weights of {known.Backbone} named '{name}', only {Listing.Words(names)}; add a file with 'dotnet breakhis weights add {known.Backbone} FILE --name {name}', or write its path{NearestName.Question(name, names)}";
    }
}
