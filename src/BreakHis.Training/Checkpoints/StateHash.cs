using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using BreakHis.Files;
using TorchSharp;
using static TorchSharp.torch;

namespace BreakHis.Training.Checkpoints;

/// <summary>Hashes of the training state, used to compare two runs bit for bit.</summary>
internal static class StateHash
{
    /// <summary>SHA-256 of tensors, in ordinal order of their names: name, type, shape, bytes.</summary>
    public static string Of(IEnumerable<(string Name, Tensor Tensor)> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, Tensor tensor) in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Add(hash, name, tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 of texts, one per line.</summary>
    public static string Of(IEnumerable<string> lines) => Sha256Hex.OfText(string.Concat(lines.Select(l => l + "\n")));

    private static void Add(IncrementalHash hash, string name, Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        string head = $"{name} {tensor.dtype} [{string.Join(',', tensor.shape)}]";
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(head));
        hash.AppendData(length);
        hash.AppendData(Encoding.UTF8.GetBytes(head));
        if (tensor.numel() > 0)
        {
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
    }
}
