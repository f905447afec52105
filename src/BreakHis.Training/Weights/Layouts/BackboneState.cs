using BreakHis.Training.Backbones;
using BreakHis.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>The named tensors of a backbone: which there must be, and how they are brought in.</summary>
internal static class BackboneState
{
    private const string BatchCounter = ".num_batches_tracked";
    private const string Variance = ".running_var";

    /// <summary>
    /// Copies tensors into a backbone, on whatever device and in whatever type it is. Counters of batches may be
    /// missing, since nothing that the backbone computes depends on them.
    /// </summary>
    /// <param name="backbone">Its parameters and buffers are overwritten.</param>
    /// <param name="state">Tensors by the names of the backbone's state dictionary.</param>
    /// <param name="source">What to call the tensors' source in an error.</param>
    /// <exception cref="WeightsException">A tensor is missing, surplus or of another shape.</exception>
    public static void Load(Backbone backbone, IReadOnlyDictionary<string, Tensor> state, string source)
    {
        Dictionary<string, Tensor> targets = backbone.state_dict();
        Check(targets, state, source, fileNames: null);
        using IDisposable frozen = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in state)
        {
            targets[name].copy_(tensor);
        }
    }

    /// <summary>
    /// Throws where names or shapes differ from the backbone's; no memory is spent on a backbone. An error calls a tensor
    /// by its name in the file, where <paramref name="fileNames"/> has one for ours.
    /// </summary>
    internal static void Check(
        string backbone,
        IReadOnlyDictionary<string, Tensor> state,
        string source,
        IReadOnlyDictionary<string, string>? fileNames
    )
    {
        using var shapes = Backbone.Create(backbone, BackboneTraits.Default, META);
        Check(shapes.state_dict(), state, source, fileNames);
    }

    /// <summary>Throws where a tensor holds what no trained network can: NaN, infinity, a variance below zero.</summary>
    internal static void CheckNumbers(
        IReadOnlyDictionary<string, Tensor> state,
        string source,
        IReadOnlyDictionary<string, string>? fileNames
    )
    {
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, Tensor tensor) in state.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            string shown = fileNames?.GetValueOrDefault(name) ?? name;
            if (!tensor.isfinite().all().item<bool>())
            {
                throw new WeightsException($"{source}: tensor {shown} contains NaN or infinity");
            }

            if (name.EndsWith(Variance, StringComparison.Ordinal) && tensor.min().item<float>() < 0)
            {
                throw new WeightsException($"{source}: tensor {shown} contains negative variances");
            }
        }
    }

    private static void Check(
        Dictionary<string, Tensor> expected,
        IReadOnlyDictionary<string, Tensor> state,
        string source,
        IReadOnlyDictionary<string, string>? fileNames
    )
    {
        string Shown(string name) => fileNames?.GetValueOrDefault(name) ?? name;
        string[] missing =
        [
            .. expected
                .Keys.Where(k => !state.ContainsKey(k) && !IsCounter(k))
                .Select(Shown)
                .Order(StringComparer.Ordinal),
        ];
        if (missing.Length > 0)
        {
            throw new WeightsException($"{source}: {Listed(missing, "missing")}");
        }

        string[] surplus = [.. state.Keys.Where(k => !expected.ContainsKey(k)).Order(StringComparer.Ordinal)];
        if (surplus.Length > 0)
        {
            throw new WeightsException($"{source}: {Listed(surplus, "not part of this backbone")}");
        }

        foreach ((string name, Tensor tensor) in state.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (!tensor.shape.SequenceEqual(expected[name].shape))
            {
                throw new WeightsException(
                    $"{source}: tensor {Shown(name)} has shape {Shape(tensor)}, expected {Shape(expected[name])}"
                );
            }
        }
    }

    /// <summary>Whether the name is that of a batch norm's counter.</summary>
    internal static bool IsCounter(string name) => name.EndsWith(BatchCounter, StringComparison.Ordinal);

    private static string Listed(string[] names, string state)
    {
        string list = Listing.Words(names, shown: 3);
        return names.Length == 1 ? $"tensor {list} is {state}" : $"tensors {list} are {state}";
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
