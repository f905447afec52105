using System.Collections.Concurrent;
using System.Text.Json;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Formats;

/// <summary>
/// The index of weights that are divided over several .safetensors files, as Hugging Face's libraries write it:
/// <c>weight_map</c> gives the file of each tensor.
/// </summary>
/// <param name="Path">The file of the index.</param>
/// <param name="FileOf">The path of the file with a tensor, by the tensor's name.</param>
internal sealed record SafeTensorsIndex(string Path, IReadOnlyDictionary<string, string> FileOf)
{
    private const string Ending = ".safetensors.index.json";
    private const string Map = "weight_map";

    /// <summary>Limit in bytes. Inception V3's index would have 40,000.</summary>
    private const int LongestIndex = 1 << 22;

    /// <summary>The files, each once, in ordinal order.</summary>
    public IReadOnlyList<string> Files { get; } =
    [.. FileOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether a file is an index, by its name.</summary>
    public static bool Is(string file) => file.EndsWith(Ending, StringComparison.Ordinal);

    /// <summary>Reads an index, but no tensors.</summary>
    /// <exception cref="WeightsException">It is not an index, or names a file that is missing.</exception>
    public static SafeTensorsIndex Read(string path)
    {
        SafeTensorsIndex index = Parse(path);
        return index.Files.FirstOrDefault(file => !File.Exists(file)) is { } missing
            ? throw new WeightsException($"{missing}: missing; {path} needs it")
            : index;
    }

    /// <summary>
    /// Reads all tensors, in the current dispose scope. The metadata are those of all files together.
    /// </summary>
    /// <param name="read">Reads a file.</param>
    /// <exception cref="WeightsException">A file is damaged, or has other tensors than the index says.</exception>
    public SafeTensorsContent ReadInScope(Func<string, SafeTensorsContent> read)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Files)
        {
            SafeTensorsContent part = read(file);
            foreach ((string key, string value) in part.Metadata)
            {
                if (!metadata.TryAdd(key, value) && metadata[key] != value)
                {
                    throw new WeightsException(
                        $"{file}: its metadata says {key} '{value}', but that of another file of {Path} says '{metadata[key]}'"
                    );
                }
            }

            foreach ((string name, Tensor tensor) in part.Tensors)
            {
                if (FileOf.GetValueOrDefault(name) != file)
                {
                    throw new WeightsException($"{file}: contains tensor {name}, but {Path} does not say so");
                }

                tensors.Add(name, tensor);
            }
        }

        string? missing = FileOf.Keys.Order(StringComparer.Ordinal).FirstOrDefault(name => !tensors.ContainsKey(name));
        return missing is null
            ? new SafeTensorsContent(tensors, metadata)
            : throw new WeightsException($"{FileOf[missing]}: lacks tensor {missing}, which {Path} names");
    }

    private static SafeTensorsIndex Parse(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LongestIndex)
            {
                throw new FormatException("it is too long");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            string folder = System.IO.Path.GetDirectoryName(path) ?? "";
            var files = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
            return new SafeTensorsIndex(
                path,
                document
                    .RootElement.GetProperty(Map)
                    .EnumerateObject()
                    .ToDictionary(
                        tensor => tensor.Name,
                        tensor => files.GetOrAdd(tensor.Value.GetString() ?? "", name => Shard.At(folder, name)),
                        StringComparer.Ordinal
                    )
            );
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            throw new WeightsException($"{path}: not an index of safetensors files: {e.Message}", e);
        }
    }
}
