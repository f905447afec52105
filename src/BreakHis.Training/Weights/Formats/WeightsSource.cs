using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using BreakHis.Files;

namespace BreakHis.Training.Weights.Formats;

/// <summary>Supported formats of weights.</summary>
public enum WeightsFormat
{
    /// <summary>An ONNX graph, with a second graph in the same folder that subtracts the mean image.</summary>
    Onnx,

    /// <summary>A TensorFlow.js layers model: model.json and its shards.</summary>
    TensorFlowJs,

    /// <summary>A file by PyTorch's torch.save: a zip archive, or before version 1.6 pickles and raw numbers.</summary>
    PyTorch,

    /// <summary>A .safetensors file, an index of several, or the network that a run kept.</summary>
    SafeTensors,

    /// <summary>An HDF5 file with weights, as Keras writes it, or an archive with such a file (.keras).</summary>
    Keras,
}

/// <summary>The files of some weights on this machine, with the format detected from content. Needs no torch.</summary>
/// <param name="Files">
/// All files in the order in which they are read, starting with the one that describes the others.
/// </param>
internal sealed record WeightsSource(WeightsFormat Format, IReadOnlyList<string> Files)
{
    /// <summary>The expected name of the second graph of an ONNX pair.</summary>
    internal const string PreprocessFile = "ResNetPreprocess.onnx";

    /// <summary>The name of the file that describes a TensorFlow.js layers model.</summary>
    internal const string ModelFile = "model.json";

    private const string Readable = "ONNX, TensorFlow.js layers model, PyTorch, safetensors, Keras";

    /// <summary>Finds the weights at a path.</summary>
    /// <param name="path">A file, or a folder with exactly one set of weights.</param>
    /// <exception cref="WeightsException">There are no readable weights, or several sets.</exception>
    public static WeightsSource Find(string path)
    {
        if (File.Exists(path))
        {
            CheckKind(path);
            WeightsFormat format =
                FormatOf(path)
                ?? throw new WeightsException($"{path}: not weights in a readable format ({Readable}){Hint(path)}");
            string[] files = AllFiles(format, path);
            Array.ForEach(files, CheckKind);
            return new WeightsSource(format, files);
        }

        return Directory.Exists(path) ? InFolder(path) : throw new WeightsException($"{path}: no such file or folder");
    }

    /// <summary>
    /// SHA-256 in lower-case hexadecimal. For one file, of its content; for several, of their concatenated SHA-256s, in
    /// the order of <see cref="Files"/>. Names and paths do not affect it.
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

        CheckKind(file);

        return Sha256Hex.OfFile(file);
    }

    /// <summary>Throws if a file is a pipe, socket or device: reading it could wait forever.</summary>
    internal static void CheckKind(string file)
    {
        if (!FileKind.IsRegular(file))
        {
            throw new WeightsException($"{file}: {FileKind.NotRegular}");
        }
    }

    private static WeightsSource InFolder(string folder)
    {
        string model = Path.Combine(folder, ModelFile);
        if (File.Exists(model))
        {
            return Find(model);
        }

        if (Directory.EnumerateFiles(folder).FirstOrDefault(IsPyTorchIndex) is { } index)
        {
            return Find(index);
        }

        string[] parts =
        [
            .. Directory
                .EnumerateFiles(folder)
                .Where(SafeTensorsIndex.Is)
                .SelectMany(index => SafeTensorsIndex.Read(index).Files),
        ];
        string[] found =
        [
            .. Directory
                .EnumerateFiles(folder)
                .Where(f => Path.GetFileName(f) != PreprocessFile && FileKind.IsRegular(f))
                // Any JSON file may begin like a layers model. In a folder, only model.json counts.
                .Where(f => FormatOf(f) is not null and not WeightsFormat.TensorFlowJs)
                .Except(parts, StringComparer.Ordinal)
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
            WeightsFormat.SafeTensors when SafeTensorsIndex.Is(path) => [path, .. SafeTensorsIndex.Read(path).Files],
            WeightsFormat.SafeTensors when RunNetwork.At(path) is { } run =>
            [
                run.Weights,
                run.Preprocessing,
                run.Classes,
            ],
            WeightsFormat.PyTorch or WeightsFormat.SafeTensors or WeightsFormat.Keras => [path],
            _ => throw new UnreachableException($"unknown: {format}"),
        };

    private static WeightsFormat? FormatOf(string file)
    {
        ReadOnlySpan<byte> start = Start(file);
        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => IsKerasArchive(file) ? WeightsFormat.Keras : WeightsFormat.PyTorch,
            _ when PyTorchLegacy.Begins(start) => WeightsFormat.PyTorch,
            [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, ..] => WeightsFormat.Keras,
            [_, _, _, _, _, _, _, _, (byte)'{', ..] when IsHeaderLength(start, file) => WeightsFormat.SafeTensors,
            [(byte)'{', ..] => IsPyTorchIndex(file) ? null
            : SafeTensorsIndex.Is(file) ? WeightsFormat.SafeTensors
            : WeightsFormat.TensorFlowJs,
            _ when IsSavedModel(file) => null,
            // ir_version, the first field of every ONNX model, as a one-byte varint.
            [0x08, > 0 and < 0x80, ..] => WeightsFormat.Onnx,
            _ => null,
        };
    }

    /// <summary>Whether a file is a zip archive.</summary>
    internal static bool IsZip(string file) => Start(file) is [(byte)'P', (byte)'K', 3, 4, ..];

    private static bool IsPyTorchIndex(string file) => file.EndsWith(".bin.index.json", StringComparison.Ordinal);

    private static bool IsSavedModel(string file) => Path.GetFileName(file) == "saved_model.pb";

    private static bool IsKerasArchive(string file)
    {
        try
        {
            using ZipArchive archive = BoundedZip.Open(File.OpenRead(file));
            return archive.GetEntry(KerasFile.ArchivedWeights) is not null;
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            return false;
        }
    }

    private static bool IsHeaderLength(ReadOnlySpan<byte> start, string file) =>
        BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)new FileInfo(file).Length;

    private static string Hint(string file) =>
        IsSavedModel(file) ? "; it is a TensorFlow SavedModel, so load it in Keras and save its weights as .weights.h5"
        : Start(file) is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..]
            ? "; it is a NumPy array, so save the state_dict with torch.save, or use safetensors"
        : Start(file) is [0x80, ..] ? "; it is a pickle, but not one written by torch.save"
        : IsPyTorchIndex(file)
            ? "; it is the index of PyTorch weights in several files, so load all and save one state_dict, or use safetensors"
        : Start(file)
            is [0x1f, 0x8b, ..]
                or [(byte)'B', (byte)'Z', (byte)'h', ..]
                or [0xfd, (byte)'7', (byte)'z', ..]
                or [0x28, 0xb5, 0x2f, 0xfd, ..]
            ? "; it is compressed, so unpack it first"
        : Start(file).AsSpan().StartsWith("version http"u8)
            ? "; it is a pointer of Git LFS, so fetch the file with 'git lfs pull'"
        : "";

    private static byte[] Start(string file)
    {
        using FileStream stream = File.OpenRead(file);
        byte[] start = new byte[PyTorchLegacy.StartBytes];
        return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }
}
