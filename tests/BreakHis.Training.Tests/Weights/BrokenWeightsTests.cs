using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using BreakHis.Training.Weights.Layouts;
using Google.Protobuf;
using Onnx;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

/// <summary>
/// Small files with bytes changed, removed or moved. Readers must read them or report the problem in one line. First
/// the unmodified file is tried: a reader must accept a complete file and reject an incomplete one.
/// BREAKHIS_FUZZ_SECONDS (default 2) is the time per reader.
/// </summary>
public sealed class BrokenWeightsTests
{
    private const long MostAllocated = 200 << 20;

    /// <summary>
    /// The HDF5 library allocates some lengths from the file, up to 2 GB, before it checks that the bytes exist.
    /// </summary>
    private const long MostOfHdf5 = 3L << 30;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Fuzzing.Seconds > 0 ? Fuzzing.Seconds : 2);

    [Fact]
    public void PyTorch_archives() =>
        Try(SmallWeights.Archive(SmallWeights.StateDictionary(5)), "file", bytes => bytes, path => Tensors(path));

    [Fact]
    public void PyTorch_pickles() =>
        Try(
            Encoding.Latin1.GetBytes(SmallWeights.StateDictionary(5)),
            "file",
            pickle => SmallWeights.Archive(pickle, new byte[16]),
            path => Tensors(path)
        );

    [Fact]
    public void PyTorch_files_from_before_1_6() =>
        Try(SmallWeights.Legacy(), "file", bytes => bytes, path => Tensors(path));

    [Fact]
    public void Safetensors_files() =>
        Try(SmallWeights.Safe(), "file", bytes => bytes, path => SafeTensors.Read(path).Dispose());

    [Fact]
    public void Keras_files() =>
        Try(
            SmallWeights.Keras(),
            "file",
            bytes => bytes,
            path => KerasFile.Read(path),
            Duration,
            isWhole: true,
            mostAllocated: MostOfHdf5
        );

    /// <summary>Found by fuzzing: an operation without an output.</summary>
    [Theory]
    [InlineData(
        "CAM6igEKFAoCaW4SAXISAWcSAWIiBVNwbGl0ChYKAWIKAWcKAXJSA2JnciIGQ29uY2F0ChIKA2JncgoBbRIDb3V0IgNTdWISAWcqPQoEAQMCAhABIjAAAAAAAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAMEFCAW1aBAoCaW4="
    )]
    public void Onnx_files_that_crashed_an_earlier_reader(string file)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file"], Convert.FromBase64String(file));

        Assert.Throws<WeightsException>(() => OnnxResNet18.Preprocessing(scratch["file"]));
    }

    /// <summary>The product of the first two is 4 in 64 bits, and they are 1 and 4 in 32 bits.</summary>
    [Theory]
    [InlineData((((1L << 29) + 1) << 32) + 1, long.MaxValue - (1L << 34) + 5, false)]
    [InlineData(1L << 32, 1L << 32, true)]
    [InlineData(-2, -2, false)]
    [InlineData(long.MinValue, 2, true)]
    [InlineData(0, long.MaxValue, true)]
    public void Onnx_shapes_whose_product_overflows_are_an_error(long height, long width, bool isEmpty)
    {
        ModelProto graph = ModelProto.Parser.ParseFrom(SmallWeights.MeanGraph());
        TensorProto mean = graph.Graph.Initializer[0];
        mean.Dims[2] = height;
        mean.Dims[3] = width;
        if (isEmpty)
        {
            mean.FloatData.Clear();
        }

        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file"], graph.ToByteArray());

        Assert.Throws<WeightsException>(() => OnnxResNet18.Preprocessing(scratch["file"]));
    }

    /// <summary>Each of the operations has two bytes, but a hundred in memory.</summary>
    [Fact]
    public void Onnx_graphs_of_millions_of_operations_are_refused()
    {
        const int Operations = 9_000_000;
        using var scratch = new TemporaryFolder();
        byte[] operations = new byte[2 * Operations];
        for (int i = 0; i < Operations; i++)
        {
            operations[2 * i] = 10;
        }

        File.WriteAllBytes(scratch["file"], [58, .. VarInt(operations.Length), .. operations]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        WeightsException e = Assert.Throws<WeightsException>(() => OnnxResNet18.Preprocessing(scratch["file"]));

        Assert.Contains("bytes without constants", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static byte[] VarInt(int number) =>
        number < 128 ? [(byte)number] : [(byte)(number % 128 + 128), .. VarInt(number / 128)];

    /// <summary>PyTorch refuses such shapes with an exception of its own.</summary>
    [Theory]
    [InlineData("-5,0,1,1")]
    [InlineData("0,9223372036854775807,1,1")]
    [InlineData("268435456,268435456,268435456,0")]
    [InlineData("0,268435456,268435456,268435456")]
    public void TensorFlowJs_shapes_that_no_tensor_has_are_an_error(string shape)
    {
        string model = Encoding.UTF8.GetString(SmallWeights.TinyInception());
        int at = model.IndexOf("1,1,1,1", StringComparison.Ordinal);
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["shard"], new byte[94 * 4 - 1]);
        File.WriteAllText(scratch["model.json"], $"{model[..at]}{shape}{model[(at + 7)..]}");

        WeightsException e = Assert.Throws<WeightsException>(() =>
            WeightsReader.Read(scratch["model.json"], "inception_v3")
        );

        Assert.Contains("has the impossible shape", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Found by fuzzing: the library allocated 1.7 GB for texts of 10 bytes.</summary>
    [Theory]
    [InlineData(8, 1L << 31)]
    [InlineData(8, -1)]
    [InlineData(8, 8)]
    [InlineData(24, 1L << 30)]
    [InlineData(24, -8)]
    public void A_Keras_file_with_an_oversized_heap_length_is_an_error(int at, long length)
    {
        byte[] broken = SmallWeights.Keras();
        BitConverter.GetBytes(length).CopyTo(broken, broken.AsSpan().IndexOf("GCOL"u8) + at);
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file"], broken);

        long before = GC.GetAllocatedBytesForCurrentThread();
        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "inception_v3"));

        Assert.Contains("heap", e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void TensorFlowJs_models() =>
        Try(
            SmallWeights.TensorFlowJs(),
            "model.json",
            bytes => bytes,
            path => TensorFlowJsModel.Read(TensorFlowJsManifest.Read(path), path)
        );

    [Fact]
    public void TensorFlowJs_models_with_all_layers() =>
        Try(
            SmallWeights.TinyInception(),
            "model.json",
            bytes => bytes,
            path => WeightsReader.Read(path, "inception_v3").Dispose(),
            Duration,
            isWhole: false,
            shard: 94 * 4
        );

    /// <summary>
    /// Only the first convolution, which the reader reads completely before it requires the batch norm after it.
    /// </summary>
    [Fact]
    public void Onnx_graphs_of_one_convolution() =>
        Try(SmallWeights.Graph(), "file", bytes => bytes, path => OnnxResNet18.State(path), Duration, isWhole: false);

    /// <summary>
    /// Changes the graph of all layers and appends the unmodified constants. Two concatenated messages are read as one.
    /// </summary>
    [Fact]
    public void Onnx_graphs_of_the_complete_network()
    {
        byte[] file = File.ReadAllBytes(KnownWeights.Find("resnet18_mlnet", null).Files[0]);
        ModelProto graph = ModelProto.Parser.ParseFrom(file);
        byte[] constants = new ModelProto
        {
            Graph = new GraphProto { Initializer = { graph.Graph.Initializer } },
        }.ToByteArray();
        graph.Graph.Initializer.Clear();

        Try(
            graph.ToByteArray(),
            "file",
            bytes => [.. bytes, .. constants],
            path =>
            {
                using DisposeScope scope = NewDisposeScope();
                OnnxResNet18.State(path);
            },
            Duration,
            isWhole: true,
            mostAllocated: 4L * file.Length + MostAllocated
        );
    }

    [Fact]
    public void Onnx_mean_images() =>
        Try(SmallWeights.MeanGraph(), "file", bytes => bytes, path => OnnxResNet18.Preprocessing(path));

    /// <summary>The complete path, starting with format detection.</summary>
    [Theory]
    [InlineData("resnet18")]
    [InlineData("inception_v3")]
    [InlineData("resnet18_mlnet")]
    public void All_formats_for_any_backbone(string backbone)
    {
        byte[][] files =
        [
            SmallWeights.Archive(SmallWeights.StateDictionary(5)),
            SmallWeights.Legacy(),
            SmallWeights.Safe(),
            SmallWeights.Keras(),
            SmallWeights.TensorFlowJs(),
            SmallWeights.Graph(),
        ];
        foreach (byte[] file in files)
        {
            Try(
                file,
                "file",
                bytes => bytes,
                path => WeightsReader.Read(path, backbone).Dispose(),
                Duration / files.Length,
                isWhole: false,
                mostAllocated: MostOfHdf5
            );
        }
    }

    private static void Tensors(string path)
    {
        using DisposeScope scope = NewDisposeScope();
        PyTorchFile.Read(path);
    }

    private static void Try(byte[] whole, string name, Func<byte[], byte[]> wrap, Action<string> read) =>
        Try(whole, name, wrap, read, Duration, isWhole: true);

    private static void Try(
        byte[] whole,
        string name,
        Func<byte[], byte[]> wrap,
        Action<string> read,
        TimeSpan duration,
        bool isWhole,
        int shard = 16,
        long mostAllocated = MostAllocated
    )
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["shard"], new byte[shard]);
        string path = scratch[name];
        File.WriteAllBytes(path, wrap(whole));
        if (isWhole)
        {
            read(path);
        }
        else
        {
            Assert.Throws<WeightsException>(() => read(path));
        }

        int seed = 0;
        int refused = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration; seed++)
        {
            byte[] broken = wrap(Broken(whole, new Random(seed)));
            File.WriteAllBytes(path, broken);
            refused += IsRead(() => read(path), broken, seed, mostAllocated) ? 0 : 1;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{seed} broken files, {refused} of them refused");
        Assert.True(refused > 0, $"none of {seed} broken files was refused");
    }

    /// <summary>
    /// Whether a malformed file is read without error. Any other outcome except an error of one line fails the test.
    /// </summary>
    private static bool IsRead(Action read, byte[] broken, int seed, long mostAllocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead = true;
        try
        {
            read();
        }
        catch (WeightsException e)
        {
            isRead = false;
            Assert.DoesNotContain('\n', e.Message);
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{What()}");
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < mostAllocated, $"{allocated} bytes allocated; {What()}");
        return isRead;

        string What() => $"seed {seed}: {Convert.ToBase64String(broken.AsSpan(0, Math.Min(broken.Length, 1 << 16)))}";
    }

    private static byte[] Broken(byte[] whole, Random random)
    {
        byte[] bytes = [.. whole];
        for (int i = random.Next(4); i >= 0 && bytes.Length > 8; i--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    int from = random.Next(bytes.Length);
                    int length = random.Next(Math.Min(64, bytes.Length - from)) + 1;
                    bytes = [.. bytes[..at], .. bytes.AsSpan(from, length), .. bytes[at..]];
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(16))..]];
                    break;
                default:
                    Overwrite(bytes.AsSpan(at), random);
                    break;
            }
        }

        return bytes;
    }

    private static void Overwrite(Span<byte> place, Random random)
    {
        long[] numbers = [0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40];
        long number = numbers[random.Next(numbers.Length)];
        if (place.Length >= 8 && random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(place, number);
        }
        else if (place.Length >= 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(place, (int)number);
        }
    }
}
