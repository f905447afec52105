namespace BreakHis.Training.Backbones;

/// <summary>What weights demand of a backbone's operations, beyond their values.</summary>
/// <param name="AveragePoolCountsPadding">
/// Whether padded average pools divide by the whole window, as PyTorch's do, or only by the pixels inside the picture,
/// as TensorFlow's and so Keras's do. Only Inception V3 has such pools.
/// </param>
/// <param name="BatchNormsScale">
/// Whether batch norms have a scale (gamma) that can be trained. Keras's Inception V3 has none: its gammas stay at one.
/// </param>
internal sealed record BackboneTraits(bool AveragePoolCountsPadding, bool BatchNormsScale = true)
{
    /// <summary>PyTorch's ways, for weights that are yet to be trained.</summary>
    public static BackboneTraits Default { get; } = new(AveragePoolCountsPadding: true);

    /// <summary>Keras's ways.</summary>
    public static BackboneTraits Keras { get; } = new(AveragePoolCountsPadding: false, BatchNormsScale: false);
}
