using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Layouts;
using BreakHis.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights;

/// <summary>Reads weights of any supported format, detected from content.</summary>
internal static class WeightsReader
{
    /// <summary>
    /// Reads weights and checks that they are complete, belong to the backbone and have the right shapes.
    /// </summary>
    /// <param name="path">A file, or a folder with exactly one set of weights.</param>
    /// <param name="backbone">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="WeightsException">The weights are unavailable or unusable.</exception>
    public static PretrainedWeights Read(string path, string backbone) => Read(WeightsSource.Find(path), backbone);

    /// <summary>Reads weights from known files.</summary>
    /// <param name="backbone">A name in <see cref="BackboneFacts.All"/>.</param>
    /// <exception cref="WeightsException">The weights are unavailable or unusable.</exception>
    public static PretrainedWeights Read(WeightsSource source, string backbone)
    {
        string file = source.Files[0];
        using DisposeScope scope = NewDisposeScope();
        Content content = source.Format switch
        {
            WeightsFormat.Onnx => ReadOnnx(source, backbone),
            WeightsFormat.TensorFlowJs => ReadTensorFlowJs(file, backbone),
            WeightsFormat.PyTorch => ReadPyTorch(file, backbone),
            WeightsFormat.Keras => ReadKeras(file, backbone),
            WeightsFormat.SafeTensors => ReadSafeTensors(file, backbone),
            _ => throw new UnreachableException($"unknown: {source.Format}"),
        };
        BackboneState.Check(backbone, content.State, file, content.FileNames);
        var state = content.State.ToDictionary(s => s.Key, s => Own(s.Value), StringComparer.Ordinal);
        BackboneState.CheckNumbers(state, file, content.FileNames);
        PretrainedHead? head = HeadOf(content, backbone, file);
        return new PretrainedWeights
        {
            Backbone = backbone,
            Format = content.Format,
            Sha256 = source.Sha256(),
            Origin = content.Origin ?? Path.GetFileName(file),
            Preprocessing = content.Preprocessing,
            Traits = content.Traits,
            Notes = content.Notes,
            IsAssumed = content.IsAssumed,
            Head = head,
            TrainedAt = content.TrainedAt,
            State = state.ToDictionary(s => s.Key, s => s.Value.DetachFromDisposeScope(), StringComparer.Ordinal),
        };
    }

    /// <summary>The head of a file, with tensors that belong to no scope.</summary>
    private static PretrainedHead? HeadOf(Content content, string backbone, string file)
    {
        if (content.Classes is null)
        {
            return null;
        }

        WeightsHead layers = HeadState.Of(content.Head, content.Classes, backbone, file);
        BackboneState.CheckNumbers(content.Head, file, fileNames: null);
        return new PretrainedHead(
            layers,
            content.Head.ToDictionary(h => h.Key, h => Own(h.Value).DetachFromDisposeScope(), StringComparer.Ordinal)
        );
    }

    private static Content ReadOnnx(WeightsSource source, string backbone)
    {
        Demand(backbone, BackboneFacts.ResNet18MlNet, "ONNX graphs", source.Files[0]);
        return new Content("ONNX", OnnxResNet18.State(source.Files[0]), OnnxResNet18.Preprocessing(source.Files[1]));
    }

    private static Content ReadTensorFlowJs(string file, string backbone)
    {
        Demand(backbone, BackboneFacts.InceptionV3, "TensorFlow.js layers models", file);
        var manifest = TensorFlowJsManifest.Read(file);
        KerasInceptionV3.CheckNames(manifest.Weights.Select(weight => weight.Name), file);
        return OfKeras(
            "TensorFlow.js layers model",
            KerasInceptionV3.State(TensorFlowJsModel.Read(manifest, file), file)
        );
    }

    private static Content ReadKeras(string file, string backbone)
    {
        Demand(backbone, BackboneFacts.InceptionV3, "Keras files", file);
        KerasModel model = KerasFile.Read(file);
        IReadOnlyList<KerasLayer> unused = KerasInceptionV3.Unused(model, file);
        return OfKeras("Keras", KerasInceptionV3.State(model, file)) with
        {
            Notes =
                unused.Count == 0
                    ? []
                    :
                    [
                        $"{Plural.Of(unused.Count, "layer")} after the backbone {Plural.Word(unused.Count, "is", "are")} not used: {Listing.Words([.. unused.Select(layer => layer.Name)], shown: 3)}",
                    ],
        };
    }

    private static Content OfKeras(string format, Dictionary<string, Tensor> state) =>
        new(format, state, Preprocessing.MinusOneToOne) { Traits = BackboneTraits.Keras, IsAssumed = true };

    private static Content ReadPyTorch(string file, string backbone)
    {
        if (!TorchvisionState.Has(backbone))
        {
            throw new WeightsException($"{file}: PyTorch files are not supported for the backbone {backbone}");
        }

        PyTorchContent read = PyTorchFile.Read(file);
        Content content = OfTorchvision("PyTorch", backbone, read.Tensors, file);
        return content with
        {
            Notes =
            [
                .. read.Entry.Length == 0 ? [] : (string[])[$"read from the entry '{read.Entry}'"],
                .. read.Others.Count == 0
                    ? []
                    : (string[])[$"other state dictionaries in the file are not used: {Listing.Words(read.Others)}"],
                .. content.Notes,
                .. read.Ignored.Count == 0
                    ? []
                    : (string[])[$"other Python objects in the file are ignored: {Listing.Words(read.Ignored)}"],
            ],
        };
    }

    /// <summary>Reads names and shapes first: the file of another network may have gigabytes.</summary>
    private static Content ReadSafeTensors(string file, string backbone)
    {
        Content shapes = ReadSafeTensors(file, backbone, SafeTensors.ShapesInScope);
        BackboneState.Check(backbone, shapes.State, file, shapes.FileNames);
        if (shapes.Classes is not null)
        {
            _ = HeadState.Of(shapes.Head, shapes.Classes, backbone, file);
        }

        return ReadSafeTensors(file, backbone, SafeTensors.ReadInScope);
    }

    private static Content ReadSafeTensors(string file, string backbone, Func<string, SafeTensorsContent> read) =>
        SafeTensorsIndex.Is(file) ? Of(SafeTensorsIndex.Read(file).ReadInScope(read), backbone, file)
        : RunNetwork.At(file) is { } run ? ReadRun(run, backbone, read)
        : Of(read(file), backbone, file);

    /// <summary>Reads the network that a run kept, whose metadata are in a file of their own.</summary>
    private static Content ReadRun(RunNetwork run, string backbone, Func<string, SafeTensorsContent> read)
    {
        SafeTensorsContent network = read(run.Weights);
        SafeTensorsContent about = read(run.Preprocessing);
        var tensors = new Dictionary<string, Tensor>(about.Tensors, StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in network.Tensors)
        {
            string plain = name.StartsWith(RunNetwork.BackbonePrefix, StringComparison.Ordinal)
                ? name[RunNetwork.BackbonePrefix.Length..]
                : name;
            if (!tensors.TryAdd(plain, tensor))
            {
                throw new WeightsException(
                    $"{run.Weights}: contains tensor {name}, but {plain} is also there or in {run.Preprocessing}"
                );
            }
        }

        Content content = Of(about with { Tensors = tensors }, backbone, run.Weights);
        return content with
        {
            Format = "the network of a run",
            Classes = WeightsMetadata.ClassNames(RegularFile.Text(run.Classes), run.Classes),
        };
    }

    private static Content Of(SafeTensorsContent content, string backbone, string file)
    {
        string? made = content.Metadata.GetValueOrDefault(WeightsMetadata.Backbone);
        if (made is not null && made != backbone)
        {
            throw new WeightsException($"{file}: made for the backbone {made}, not for {backbone}");
        }

        Preprocessing? told = WeightsMetadata.Preprocessing(content.Metadata, file);
        Content read =
            made is null && TorchvisionState.Has(backbone)
                ? OfTorchvision("safetensors", backbone, OfBackbone(content.Tensors), file)
                : new Content(
                    "safetensors",
                    made is null ? OfBackbone(content.Tensors) : WithoutHead(OfBackbone(content.Tensors)),
                    told
                        ?? throw new WeightsException(
                            $"{file}: its metadata lacks {WeightsMetadata.Needed}, which {backbone} needs"
                        )
                );
        Preprocessing preprocessing = told ?? read.Preprocessing;
        if (content.Tensors.TryGetValue(WeightsMetadata.MeanImage, out Tensor? image))
        {
            preprocessing = preprocessing with { MeanImage = MeanImageOf(image, file) };
        }

        return read with
        {
            Preprocessing = preprocessing,
            IsAssumed = told is null || WeightsMetadata.IsAssumed(content.Metadata),
            Traits = WeightsMetadata.Traits(content.Metadata, file),
            Origin = content.Metadata.GetValueOrDefault(WeightsMetadata.Origin),
            TrainedAt = WeightsMetadata.TrainedAt(content.Metadata, file),
            Classes = made is null ? null : WeightsMetadata.ClassesOf(content.Metadata, file),
            Head = content.Tensors.Where(t => IsOfHead(t.Key)).ToDictionary(StringComparer.Ordinal),
        };
    }

    private static Content OfTorchvision(
        string format,
        string backbone,
        IReadOnlyDictionary<string, Tensor> tensors,
        string file
    )
    {
        var state = TorchvisionState.Of(backbone, tensors, file);
        Preprocessing preprocessing =
            backbone == BackboneFacts.InceptionV3.Name ? Preprocessing.MinusOneToOne : Preprocessing.Torchvision;
        return new Content(format, state.Tensors, preprocessing)
        {
            IsAssumed = true,
            FileNames = state.FileNames,
            Notes =
            [
                .. state.Prefix.Length == 0 ? [] : (string[])[$"read without the prefix '{state.Prefix}'"],
                .. state.Unused.Count == 0
                    ? []
                    : (string[])
                        [
                            $"{Plural.Of(state.Unused.Count, "tensor")} without the prefix {Plural.Word(state.Unused.Count, "is", "are")} not used: {Listing.Words(state.Unused, shown: 3)}",
                        ],
            ],
        };
    }

    private static void Demand(string backbone, BackboneFacts readable, string what, string file)
    {
        if (backbone != readable.Name)
        {
            throw new WeightsException(
                $"{file}: {what} are supported only for the backbone {readable.Name}, not for {backbone}"
            );
        }
    }

    private static bool IsOfHead(string name) => name.StartsWith(RunNetwork.HeadPrefix, StringComparison.Ordinal);

    private static Dictionary<string, Tensor> WithoutHead(Dictionary<string, Tensor> tensors) =>
        tensors.Where(t => !IsOfHead(t.Key)).ToDictionary(StringComparer.Ordinal);

    private static Dictionary<string, Tensor> OfBackbone(IReadOnlyDictionary<string, Tensor> tensors) =>
        tensors
            .Where(t => t.Key != WeightsMetadata.MeanImage && !BackboneState.IsCounter(t.Key))
            .ToDictionary(StringComparer.Ordinal);

    /// <summary>The mean image, which is null if only its shape was read.</summary>
    private static MeanImage? MeanImageOf(Tensor image, string file)
    {
        const long Most = 10_000;
        bool hasValues = image.device_type != DeviceType.META;
        return
            image.shape is [3, > 0 and <= Most and var height, > 0 and <= Most and var width]
            && image.dtype == ScalarType.Float32
            && (!hasValues || image.isfinite().all().item<bool>())
            ? hasValues
                ? new MeanImage((int)height, (int)width, image.data<float>().ToArray())
                : null
            : throw new WeightsException(
                $"{file}: tensor {WeightsMetadata.MeanImage} is {image.dtype} of shape [{string.Join(", ", image.shape)}], expected finite float32 of [3, height, width], at most {Most} each"
            );
    }

    /// <summary>A copy as contiguous float32, independent of the file's storages.</summary>
    private static Tensor Own(Tensor tensor) => tensor.to_type(ScalarType.Float32, copy: true).contiguous();

    private sealed record Content(string Format, IReadOnlyDictionary<string, Tensor> State, Preprocessing Preprocessing)
    {
        public BackboneTraits Traits { get; init; } = BackboneTraits.Default;

        public string? Origin { get; init; }

        /// <summary>Whether the file does not say how images are preprocessed, so that the usual way is assumed.</summary>
        public bool IsAssumed { get; init; }

        /// <summary>What a user should know about how the file was read, one line each.</summary>
        public IReadOnlyList<string> Notes { get; init; } = [];

        /// <summary>The tensors of a head, by the names in checkpoints.</summary>
        public IReadOnlyDictionary<string, Tensor> Head { get; init; } =
            new Dictionary<string, Tensor>(StringComparer.Ordinal);

        /// <summary>The names of the head's classes; null if there is no head.</summary>
        public IReadOnlyList<string>? Classes { get; init; }

        /// <summary>Height and width of the images that the weights were trained on, or null if unknown.</summary>
        public int? TrainedAt { get; init; }

        /// <summary>Names in the file by our names, if they differ.</summary>
        public IReadOnlyDictionary<string, string>? FileNames { get; init; }
    }
}
