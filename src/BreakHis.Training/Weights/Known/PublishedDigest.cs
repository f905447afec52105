using System.Security.Cryptography;
using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>The kinds of digests that publishers of weights use.</summary>
internal enum DigestKind
{
    /// <summary>SHA-256.</summary>
    Sha256,

    /// <summary>MD5: detects damage, but not deliberate forgery.</summary>
    Md5,
}

/// <summary>The published digest of a file.</summary>
/// <param name="Hex">Lower-case hexadecimal: complete, or only its first digits if no more are published.</param>
internal sealed record PublishedDigest(DigestKind Kind, string Hex)
{
    /// <summary>MD5 or SHA-256.</summary>
    public string Name => Kind == DigestKind.Md5 ? "MD5" : "SHA-256";

    /// <summary>Describes how a file's digest differs from the published one; null if it does not.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string? Misfit(string path)
    {
        string found = Kind == DigestKind.Md5 ? Md5(path) : Sha256Hex.OfFile(path);
        return found.StartsWith(Hex, StringComparison.Ordinal)
            ? null
            : $"its {Name} is {found}, expected {(IsWhole ? Hex : $"one that begins with {Hex}")}";
    }

    /// <summary>The digest for display, with dots if only its first digits are published.</summary>
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
