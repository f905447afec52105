using System.IO.Compression;
using System.Text;
using BreakHis.Testing;
using BreakHis.Training.Weights.Formats;
using Google.Protobuf;
using Onnx;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

/// <summary>Small complete files in every format, each with a tensor or two. They match no backbone.</summary>
internal static class SmallWeights
{
    private const string Magic = "\u0080\u0002\u008a\n\u006c\u00fc\u009c\u0046\u00f9\u0020\u006a\u00a8\u0050\u0019.";

    /// <summary>An ordered dictionary with the tensor conv1.weight: four numbers in a storage with the key 0.</summary>
    public static string StateDictionary(int idLength) =>
        "\u0080\u0002ccollections\nOrderedDict\nq\u0000)Rq\u0001X\u000c\u0000\u0000\u0000conv1.weightq\u0002"
        + "ctorch._utils\n_rebuild_tensor_v2\nq\u0003((X\u0007\u0000\u0000\u0000storageq\u0004ctorch\nFloatStorage\nq\u0005"
        + "X\u0001\u0000\u0000\u00000q\u0006X\u0003\u0000\u0000\u0000cpuq\u0007K\u0004"
        + (idLength == 6 ? "N" : "")
        + "tq\bQK\u0000K\u0002K\u0002\u0086q\tK\u0002K\u0001\u0086q\n\u0089h\u0000)Rq\u000btq\fRq\rs}q\u000eX\t\u0000\u0000\u0000_metadataq\u000fh\u0000)Rq\u0010sb.";

    public static byte[] Archive(string pickle) => Archive(Encoding.Latin1.GetBytes(pickle), Numbers);

    public static byte[] Archive(byte[] pickle, byte[] storage)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write(archive, "archive/data.pkl", pickle);
            Write(archive, "archive/byteorder", Encoding.ASCII.GetBytes("little"));
            Write(archive, "archive/data/0", storage);
        }

        return bytes.ToArray();
    }

    public static byte[] Legacy(string? dictionary = null) =>
        [
            .. Encoding.Latin1.GetBytes(
                Magic
                    + "\u0080\u0002M\u00e9\u0003."
                    + "\u0080\u0002}q\u0000(X\u0010\u0000\u0000\u0000protocol_versionq\u0001M\u00e9\u0003X\r\u0000\u0000\u0000little_endianq\u0002\u0088u."
                    + (dictionary ?? StateDictionary(6))
                    + "\u0080\u0002]q\u0000X\u0001\u0000\u0000\u00000q\u0001a."
            ),
            .. BitConverter.GetBytes(4L),
            .. Numbers,
        ];

    public static byte[] Safe()
    {
        using var scratch = new TemporaryFolder();
        using Tensor first = arange(6, dtype: ScalarType.Float32).reshape(2, 3);
        using Tensor second = arange(3, dtype: ScalarType.Int64);
        Dictionary<string, string> metadata = new()
        {
            ["channel_order"] = "rgb",
            ["mean"] = "1,2,3",
            ["scale"] = "1,1,1",
        };
        SafeTensors.Write(scratch["file"], [("conv1.weight", first), ("b", second)], metadata);
        return File.ReadAllBytes(scratch["file"]);
    }

    public static byte[] Keras() =>
        File.ReadAllBytes(SharedFolder.InRepository("tests/BreakHis.Training.Tests/Weights/Files/keras.h5"));

    public static byte[] TensorFlowJs() =>
        """
            {"format":"layers-model","weightsManifest":[{"paths":["shard"],"weights":[
            {"name":"conv2d_1/kernel","shape":[1,1,2,2],"dtype":"float32","quantization":{"min":-1.5,"scale":0.1,"dtype":"uint8"}},
            {"name":"batch_normalization_1/beta","shape":[3],"dtype":"float32"}]}]}
            """u8.ToArray();

    /// <summary>
    /// All layers of Inception V3, each weight with one number. The shard has as many bytes as there are weights.
    /// </summary>
    public static byte[] TinyInception()
    {
        IEnumerable<string> weights = Enumerable
            .Range(1, 94)
            .SelectMany(i =>
                (string[])
                    [
                        Weight($"conv2d_{i}/kernel", "1,1,1,1"),
                        Weight($"batch_normalization_{i}/beta", "1"),
                        Weight($"batch_normalization_{i}/moving_mean", "1"),
                        Weight($"batch_normalization_{i}/moving_variance", "1"),
                    ]
            );
        return Encoding.UTF8.GetBytes(
            $$"""{"format":"layers-model","weightsManifest":[{"paths":["shard"],"weights":[{{string.Join(",\n", weights)}}]}]}"""
        );
    }

    private static string Weight(string name, string shape) =>
        $$$"""{"name":"{{{name}}}","shape":[{{{shape}}}],"dtype":"float32","quantization":{"dtype":"uint8"}}""";

    /// <summary>One convolution of the network, with nothing after it.</summary>
    public static byte[] Graph()
    {
        var model = new ModelProto
        {
            IrVersion = 3,
            Graph = new GraphProto { Name = "g" },
        };
        model.Graph.Input.Add(new ValueInfoProto { Name = "in" });
        var kernel = new TensorProto { Name = "k", DataType = (int)TensorProto.Types.DataType.Float };
        kernel.Dims.AddRange([64L, 3, 7, 7]);
        kernel.RawData = ByteString.CopyFrom(new byte[4 * 64 * 3 * 49]);
        model.Graph.Initializer.Add(kernel);
        var node = new NodeProto { OpType = "Conv", Name = "c" };
        node.Input.AddRange(["in", "k"]);
        node.Output.Add("out");
        node.Attribute.Add(Whole("kernel_shape", 7, 7));
        node.Attribute.Add(Whole("strides", 2, 2));
        node.Attribute.Add(Whole("pads", 3, 3, 2, 2));
        model.Graph.Node.Add(node);
        return model.ToByteArray();
    }

    public static byte[] MeanGraph()
    {
        var model = new ModelProto
        {
            IrVersion = 3,
            Graph = new GraphProto { Name = "g" },
        };
        model.Graph.Input.Add(new ValueInfoProto { Name = "in" });
        var mean = new TensorProto { Name = "m", DataType = (int)TensorProto.Types.DataType.Float };
        mean.Dims.AddRange([1L, 3, 2, 2]);
        mean.FloatData.AddRange(Enumerable.Range(0, 12).Select(i => (float)i));
        model.Graph.Initializer.Add(mean);
        model.Graph.Node.Add(Node("Split", ["in"], ["r", "g", "b"]));
        model.Graph.Node.Add(Node("Concat", ["b", "g", "r"], ["bgr"]));
        model.Graph.Node.Add(Node("Sub", ["bgr", "m"], ["out"]));
        return model.ToByteArray();
    }

    private static NodeProto Node(string operation, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        return node;
    }

    private static AttributeProto Whole(string name, params long[] numbers)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(numbers);
        return attribute;
    }

    private static byte[] Numbers { get; } =
    [.. Enumerable.Range(1, 4).SelectMany(i => BitConverter.GetBytes((float)i))];

    private static void Write(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }
}
