namespace BreakHis.Training.Backbones;

/// <summary>What weights demand of a backbone's operations, beyond their values.</summary>
/// <param name="AveragePoolCountsPadding">
/// Whether padded average pools divide by the whole window, as PyTorch's do, or only by the pixels inside the picture,
/// as TensorFlow's and so Keras's do. Only Inception V3 has such pools.
/// </param>
public sealed record BackboneTraits(bool AveragePoolCountsPadding)
{
    /// <summary>PyTorch's ways, for weights that are yet to be trained.</summary>
    public static BackboneTraits Default { get; } = new(AveragePoolCountsPadding: true);
}
