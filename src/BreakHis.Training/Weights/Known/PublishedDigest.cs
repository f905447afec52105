using System.Security.Cryptography;
using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>The digests that makers of weights publish.</summary>
internal enum DigestKind
{
    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>MD5: finds a damaged file, not one that somebody made to deceive.</summary>
    Md5,
}

/// <summary>A digest of a file as its makers publish it.</summary>
/// <param name="Kind">Which digest.</param>
/// <param name="Hex">In lower-case hexadecimal: whole, or its first digits where no more is published.</param>
internal sealed record PublishedDigest(DigestKind Kind, string Hex)
{
    /// <summary>MD5 or SHA-256.</summary>
    public string Name => Kind == DigestKind.Md5 ? "MD5" : "SHA-256";

    /// <summary>What is wrong with a file: its digest is another one. Null where nothing is.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public string? Misfit(string path)
    {
        string found = Kind == DigestKind.Md5 ? Md5(path) : Sha256Hex.OfFile(path);
        return found.StartsWith(Hex, StringComparison.Ordinal)
            ? null
            : $"its {Name} is {found}, expected {(IsWhole ? Hex : $"one that begins with {Hex}")}";
    }

    /// <summary>The digest for people; dots where only its first digits are published.</summary>
    public override string ToString() => $"{Name} {Hex}{(IsWhole ? "" : "...")}";

    private bool IsWhole => Hex.Length == (Kind == DigestKind.Md5 ? 32 : 64);

    private static string Md5(string path)
    {
        using FileStream file = File.OpenRead(path);
#pragma warning disable CA5351 // It is what Keras publishes of its files.
        return Convert.ToHexStringLower(MD5.HashData(file));
#pragma warning restore CA5351
    }
}
