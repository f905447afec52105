using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace BreakHis.Training.Weights.Formats;

/// <summary>An ONNX graph as a data flow, from a value to the operation that uses it. Names have no meaning.</summary>
internal sealed class OnnxFile
{
    /// <summary>Limit in bytes without constants: a part of two bytes takes up to a thousand in memory.</summary>
    private const int LongestGraph = 1 << 20;

    // Both precede the same bytes: little-endian float32. The parser takes a second for 11 million numbers that
    // are marked as floats, because it reads them one at a time.
    private const byte FloatDataTag =
        (TensorProto.FloatDataFieldNumber << 3) | (int)WireFormat.WireType.LengthDelimited;
    private const byte RawDataTag = (TensorProto.RawDataFieldNumber << 3) | (int)WireFormat.WireType.LengthDelimited;

    private readonly string _file;
    private readonly GraphProto _graph;
    private readonly ILookup<string, NodeProto> _consumers;
    private readonly Dictionary<string, TensorProto> _constants;

    private OnnxFile(string file, GraphProto graph)
    {
        _file = file;
        _graph = graph;
        _consumers = graph
            .Node.SelectMany(n => n.Input.Distinct(StringComparer.Ordinal).Select(i => (i, n)))
            .ToLookup(p => p.i, p => p.n, StringComparer.Ordinal);
        _constants = graph
            .Initializer.DistinctBy(t => t.Name, StringComparer.Ordinal)
            .ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>The name of the only graph input that is not a constant.</summary>
    public string Input
    {
        get
        {
            string[] inputs = [.. _graph.Input.Select(i => i.Name).Where(i => !_constants.ContainsKey(i))];
            return inputs.Length == 1 ? inputs[0] : throw Unexpected($"has {inputs.Length} inputs, expected one");
        }
    }

    /// <summary>Reads a file. The graph is checked only while it is walked.</summary>
    public static OnnxFile Read(string file)
    {
        if (!File.Exists(file))
        {
            throw new WeightsException($"{file}: missing; the ONNX file next to it needs it");
        }

        try
        {
            List<long> floatTags = [];
            using FileStream stream = File.OpenRead(file);
            if (stream.Length - Constants(stream, floatTags) > LongestGraph)
            {
                throw new WeightsException($"{file}: its graph has more than {LongestGraph} bytes without constants");
            }

            byte[] bytes = new byte[stream.Length];
            stream.Position = 0;
            stream.ReadExactly(bytes);
            floatTags.ForEach(at => bytes[at] = RawDataTag);
            return new OnnxFile(file, ModelProto.Parser.ParseFrom(bytes).Graph ?? new GraphProto());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WeightsException($"{file}: not a complete ONNX file: {e.Message}", e);
        }
    }

    /// <summary>The bytes of a file's constants, without reading them.</summary>
    /// <param name="floatTags">Gets the places of all <see cref="FloatDataTag"/>s.</param>
    private static long Constants(FileStream stream, List<long> floatTags)
    {
        using var input = new CodedInputStream(stream, leaveOpen: true);
        ReadOnlySpan<int> path = [ModelProto.GraphFieldNumber, GraphProto.InitializerFieldNumber];
        return Constants(input, stream.Length, path, floatTags);
    }

    /// <param name="end">Where the message ends.</param>
    /// <param name="path">The numbers of the fields that lead from the message to its constants.</param>
    private static long Constants(CodedInputStream input, long end, ReadOnlySpan<int> path, List<long> floatTags)
    {
        long bytes = 0;
        while (input.Position is var start && start < end && input.ReadTag() is > 0 and uint tag)
        {
            int field = WireFormat.GetTagFieldNumber(tag);
            bool isMessage = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
            if (isMessage && path is [var next, .. var rest] && field == next)
            {
                int length = input.ReadLength();
                bytes += Constants(input, input.Position + length, rest, floatTags);
                continue;
            }

            long before = input.Position;
            if (path is [] && tag == FloatDataTag && before == start + 1)
            {
                floatTags.Add(start);
            }

            input.SkipLastField();
            bool isConstant =
                isMessage && path is [] && field is TensorProto.RawDataFieldNumber or TensorProto.FloatDataFieldNumber;
            bytes += isConstant ? input.Position - before : 0;
        }

        return bytes;
    }

    /// <summary>The only operation of a type, with matching attributes, that uses a value.</summary>
    public NodeProto Next(string value, string operation, Func<NodeProto, bool>? fits = null)
    {
        NodeProto[] found = [.. _consumers[value].Where(n => n.OpType == operation && fits?.Invoke(n) != false)];
        return found.Length == 1
            ? found[0]
            : throw Unexpected($"{found.Length} matching {operation} operations use the value {value}, expected one");
    }

    /// <summary>The values and the shape of a constant.</summary>
    public (float[] Values, long[] Shape) Constant(string name)
    {
        if (!_constants.TryGetValue(name, out TensorProto? tensor))
        {
            throw Unexpected($"{name} is computed, expected a constant");
        }

        float[] values =
            tensor.FloatData.Count > 0
                ? [.. tensor.FloatData]
                : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
        if (
            tensor.DataType != (int)TensorProto.Types.DataType.Float
            || tensor.Dims.Any(size => size < 0)
            || values.LongLength
                != tensor.Dims.Aggregate(Int128.One, (count, size) => Int128.Min(count * size, long.MaxValue))
        )
        {
            throw Unexpected(
                $"constant {name} does not contain float32 values for its shape [{string.Join(", ", tensor.Dims)}]"
            );
        }

        return (values, [.. tensor.Dims]);
    }

    /// <summary>The name of an operation's input at an index.</summary>
    public string InputOf(NodeProto node, int place) =>
        place < node.Input.Count ? node.Input[place] : throw Unexpected($"{node.OpType} has too few inputs");

    /// <summary>The name of an operation's only or first output.</summary>
    public string OutputOf(NodeProto node) =>
        node.Output.Count > 0 ? node.Output[0] : throw Unexpected($"{node.OpType} has no output");

    /// <summary>An error that names the file.</summary>
    public WeightsException Unexpected(string what) => new($"{_file}: {what}");

    /// <summary>Whether an integer-list attribute of an operation has the expected values.</summary>
    public static bool Has(NodeProto node, string attribute, params long[] expected) =>
        node.Attribute.Any(a => a.Name == attribute && a.Ints.SequenceEqual(expected));

    /// <summary>A floating-point attribute of an operation, or <paramref name="otherwise"/>.</summary>
    public static float Real(NodeProto node, string attribute, float otherwise) =>
        node.Attribute.FirstOrDefault(a => a.Name == attribute)?.F ?? otherwise;
}
