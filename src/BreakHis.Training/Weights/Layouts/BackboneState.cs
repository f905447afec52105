using BreakHis.Training.Backbones;
using BreakHis.Wording;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>The named tensors of a backbone: which are required, and how they are loaded.</summary>
internal static class BackboneState
{
    private const string BatchCounter = ".num_batches_tracked";
    private const string Variance = ".running_var";

    /// <summary>
    /// Copies tensors into a backbone of any device and type. Batch counters may be missing, because no output of the
    /// backbone depends on them.
    /// </summary>
    /// <param name="backbone">Its parameters and buffers are overwritten.</param>
    /// <param name="state">Tensors, by the names in the backbone's state dictionary.</param>
    /// <param name="source">The name of the tensors' source in error messages.</param>
    /// <exception cref="WeightsException">A tensor is missing, surplus or has the wrong shape or type.</exception>
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
    /// Throws if names or shapes differ from the backbone's, without allocating a backbone. Error messages use a
    /// tensor's name in the file if <paramref name="fileNames"/> has one.
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

    /// <summary>
    /// Throws if a tensor has values that no trained network can have: NaN, infinity, a negative variance.
    /// </summary>
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
        string[] surplus = [.. state.Keys.Where(k => !expected.ContainsKey(k)).Order(StringComparer.Ordinal)];
        string[] faults =
        [
            .. missing.Length > 0
                ? (string[])
                    [
                        $"contains {state.Count - surplus.Length} of this backbone's {expected.Keys.Count(k => !IsCounter(k))} tensors",
                        Listed(missing, "missing"),
                    ]
                : [],
            .. surplus.Length > 0 ? (string[])[Listed(surplus, "not part of this backbone")] : [],
        ];
        if (faults.Length > 0)
        {
            throw new WeightsException($"{source}: {string.Join("; ", faults)}");
        }

        foreach ((string name, Tensor tensor) in state.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (!tensor.shape.SequenceEqual(expected[name].shape))
            {
                throw new WeightsException(
                    $"{source}: tensor {Shown(name)} has shape {Shape(tensor)}, expected {Shape(expected[name])}"
                );
            }

            if (!IsCounter(name) && !tensor.is_floating_point())
            {
                throw new WeightsException(
                    $"{source}: tensor {Shown(name)} has type {tensor.dtype}, expected floating point"
                );
            }
        }
    }

    /// <summary>Whether the name belongs to a batch norm's counter.</summary>
    internal static bool IsCounter(string name) => name.EndsWith(BatchCounter, StringComparison.Ordinal);

    private static string Listed(string[] names, string state) =>
        $"{Plural.Word(names.Length, "tensor")} {Listing.Words(names, shown: 3)} {Plural.Word(names.Length, "is", "are")} {state}";

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
