namespace BreakHis.Training.Weights.Formats;

/// <summary>What the order of a Keras model's layers follows from.</summary>
internal enum KerasOrder
{
    /// <summary>The list has the order of the model.</summary>
    List,

    /// <summary>
    /// Names such as conv2d_7 count the layers of a kind in the order of creation. Keras continues counting from earlier
    /// models.
    /// </summary>
    Creation,

    /// <summary>Names such as conv2d_7 count the layers of a kind in the order of the model, as in files of Keras 3.</summary>
    Model,
}

/// <summary>A layer with its weights, by their role: <c>kernel</c>, <c>moving_mean</c> ...</summary>
internal sealed record KerasLayer(string Name, IReadOnlyDictionary<string, KerasTensor> Weights)
{
    /// <summary>How Keras names convolutions, followed by a number.</summary>
    public const string Convolution = "conv2d";

    /// <summary>How Keras names batch norms, followed by a number.</summary>
    public const string Norm = "batch_normalization";

    /// <summary>Whether it is a batch norm.</summary>
    public bool IsNorm => Weights.ContainsKey("moving_variance");
}

/// <summary>The layers of a Keras model that have weights.</summary>
/// <param name="Layers">
/// The layers of the model, or of that part of it (such as a backbone that is used as one layer) with the most batch
/// norms.
/// </param>
/// <param name="Others">The layers in other parts.</param>
internal sealed record KerasModel(IReadOnlyList<KerasLayer> Layers, KerasOrder Order, IReadOnlyList<KerasLayer> Others)
{
    /// <summary>Those of <see cref="Others"/> that come before <see cref="Layers"/> in the file.</summary>
    public IReadOnlyList<KerasLayer> Before { get; private init; } = [];

    /// <summary>Chooses the part of a model with the most batch norms.</summary>
    /// <param name="layers">All layers, each with the part that it belongs to.</param>
    /// <param name="orderOf">Returns what the order of a part's layers follows from.</param>
    public static KerasModel Of(
        IReadOnlyCollection<(string Part, KerasLayer Layer)> layers,
        Func<string, KerasOrder> orderOf
    )
    {
        string part =
            layers
                .GroupBy(layer => layer.Part, layer => layer.Layer, StringComparer.Ordinal)
                .MaxBy(group => group.Count(layer => layer.IsNorm))
                ?.Key
            ?? "";
        return new KerasModel(
            [.. layers.Where(layer => layer.Part == part).Select(layer => layer.Layer)],
            orderOf(part),
            [.. layers.Where(layer => layer.Part != part).Select(layer => layer.Layer)]
        )
        {
            Before = [.. layers.TakeWhile(layer => layer.Part != part).Select(layer => layer.Layer)],
        };
    }
}
