namespace BreakHis.Training.Backbones;

/// <summary>How a backbone's operations must behave for its weights.</summary>
/// <param name="AveragePoolCountsPadding">
/// Whether padded average pools divide by the full window, as in PyTorch, or only by the pixels inside the image, as in
/// TensorFlow and Keras. Only Inception V3 has such pools.
/// </param>
/// <param name="BatchNormsScale">
/// Whether batch norms have a trainable scale (gamma). Keras's Inception V3 has none: its gammas stay at one.
/// </param>
internal sealed record BackboneTraits(bool AveragePoolCountsPadding, bool BatchNormsScale = true)
{
    /// <summary>PyTorch's behaviour, for untrained weights.</summary>
    public static BackboneTraits Default { get; } = new(AveragePoolCountsPadding: true);

    /// <summary>Keras's behaviour.</summary>
    public static BackboneTraits Keras { get; } = new(AveragePoolCountsPadding: false, BatchNormsScale: false);
}
