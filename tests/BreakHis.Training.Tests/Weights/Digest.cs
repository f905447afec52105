using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BreakHis.Training.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

/// <summary>Values as one line of text, for comparison.</summary>
internal static class Digest
{
    /// <summary>A tensor in the format of the reference scripts: name, shape and SHA-256 of its elements.</summary>
    public static string Of(string name, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] bytes = tensor.numel() == 0 ? [] : tensor.detach().contiguous().bytes.ToArray();
        return $"{name} [{string.Join(", ", tensor.shape)}] {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }

    /// <summary>
    /// Order, means, scales and the SHA-256 of the mean image, because records compare lists by reference.
    /// </summary>
    public static string Of(Preprocessing preprocessing)
    {
        ReadOnlySpan<float> image = preprocessing.MeanImage?.Values;
        string hash = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(image)));
        return $"{preprocessing.Order} {string.Join(',', preprocessing.Mean)} {string.Join(',', preprocessing.Scale)} "
            + $"{preprocessing.MeanImage?.Height} x {preprocessing.MeanImage?.Width} {hash}";
    }
}
