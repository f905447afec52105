using System.Buffers.Binary;
using BreakHis.Files;

namespace BreakHis.Training.Weights.Formats;

/// <summary>The formats that weights are read from.</summary>
public enum WeightsFormat
{
    /// <summary>An ONNX graph, and beside it the one that subtracts the mean image.</summary>
    Onnx,

    /// <summary>A TensorFlow.js layers model: model.json and its shards.</summary>
    TensorFlowJs,

    /// <summary>What PyTorch's torch.save writes: a zip archive, or before version 1.6 pickles and numbers.</summary>
    PyTorch,

    /// <summary>A .safetensors file.</summary>
    SafeTensors,

    /// <summary>An HDF5 file as Keras writes its weights.</summary>
    Keras,
}

/// <summary>The files of some weights on this machine, their format told by content. Needs no torch.</summary>
/// <param name="Files">All files in the order they are read, the one that describes the others first.</param>
internal sealed record WeightsSource(WeightsFormat Format, IReadOnlyList<string> Files)
{
    /// <summary>The name under which the second graph of an ONNX pair is looked for.</summary>
    internal const string PreprocessFile = "ResNetPreprocess.onnx";

    private const string ModelFile = "model.json";
    private const string Readable = "ONNX, TensorFlow.js layers model, PyTorch, safetensors, Keras HDF5";

    /// <summary>The weights at a path.</summary>
    /// <param name="path">A file, or a folder that holds just one set of weights.</param>
    /// <exception cref="WeightsException">There is nothing, nothing readable, or more than one.</exception>
    public static WeightsSource Find(string path)
    {
        if (File.Exists(path))
        {
            WeightsFormat? format = FormatOf(path);
            return format is null
                ? throw new WeightsException($"{path}: not weights in a readable format ({Readable}){Hint(path)}")
                : new WeightsSource(format.Value, AllFiles(format.Value, path));
        }

        return Directory.Exists(path) ? InFolder(path) : throw new WeightsException($"{path}: no such file or folder");
    }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal: of the file's content, or for several files of their SHA-256s one after the
    /// other in the order of <see cref="Files"/>. Names and places do not enter.
    /// </summary>
    public string Sha256()
    {
        string[] hashes = [.. Files.Select(HashOf)];
        return hashes.Length == 1 ? hashes[0] : Sha256Hex.OfBytes(Convert.FromHexString(string.Concat(hashes)));
    }

    /// <summary>SHA-256 of one file's content, in lower-case hexadecimal.</summary>
    internal static string HashOf(string file)
    {
        if (!File.Exists(file))
        {
            throw new WeightsException($"{file}: missing; the weights next to it need it");
        }

        return Sha256Hex.OfFile(file);
    }

    private static WeightsSource InFolder(string folder)
    {
        string model = Path.Combine(folder, ModelFile);
        if (File.Exists(model))
        {
            return Find(model);
        }

        string[] found =
        [
            .. Directory
                .EnumerateFiles(folder)
                .Where(f => Path.GetFileName(f) != PreprocessFile)
                // Any JSON file may begin like a layers model; one in a folder is called model.json.
                .Where(f => FormatOf(f) is not null and not WeightsFormat.TensorFlowJs)
                .Order(StringComparer.Ordinal),
        ];
        return found.Length switch
        {
            0 => throw new WeightsException($"{folder}: contains no weights in a readable format ({Readable})"),
            1 => Find(found[0]),
            _ => throw new WeightsException(
                $"{folder}: contains several weights files ({string.Join(", ", found.Select(Path.GetFileName))}); name one of them"
            ),
        };
    }

    private static string[] AllFiles(WeightsFormat format, string path) =>
        format switch
        {
            WeightsFormat.TensorFlowJs => [path, .. TensorFlowJsManifest.Read(path).Shards],
            WeightsFormat.Onnx => [path, Path.Combine(Path.GetDirectoryName(path) ?? "", PreprocessFile)],
            _ => [path],
        };

    private static WeightsFormat? FormatOf(string file)
    {
        ReadOnlySpan<byte> start = Start(file);
        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => WeightsFormat.PyTorch,
            _ when PyTorchLegacy.Begins(start) => WeightsFormat.PyTorch,
            [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, ..] => WeightsFormat.Keras,
            [_, _, _, _, _, _, _, _, (byte)'{', ..] when IsHeaderLength(start, file) => WeightsFormat.SafeTensors,
            [(byte)'{', ..] => WeightsFormat.TensorFlowJs,
            // ir_version, the first field of every ONNX model, as a varint of one byte.
            [0x08, > 0 and < 0x80, ..] => WeightsFormat.Onnx,
            _ => null,
        };
    }

    private static bool IsHeaderLength(ReadOnlySpan<byte> start, string file) =>
        BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)new FileInfo(file).Length;

    private static string Hint(string file) =>
        Start(file) is [0x80, ..] ? "; it is a pickle, but not one written by torch.save" : "";

    private static byte[] Start(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] start = new byte[9];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }
}
