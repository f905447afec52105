using TorchSharp;

namespace BreakHis.Training.Determinism;

/// <summary>
/// Scalars that are never freed. TorchSharp's operators, and its methods that take a number, create a scalar for each
/// call, which the garbage collector can free while libtorch reads it (seen once, as an error under load). Therefore
/// this project passes scalars that outlive the call: these, or one from a <c>using</c> declaration.
/// </summary>
internal static class SharedScalars
{
    /// <summary>The integer 1.</summary>
    public static readonly Scalar One = 1L.ToScalar();
}
