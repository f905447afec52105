using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

/// <summary>A tensor as the reference scripts write it: name, shape and SHA-256 of its elements.</summary>
internal static class Digest
{
    public static string Of(string name, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] bytes = tensor.numel() == 0 ? [] : tensor.detach().contiguous().bytes.ToArray();
        return $"{name} [{string.Join(", ", tensor.shape)}] {Convert.ToHexStringLower(SHA256.HashData(bytes))}";
    }
}
