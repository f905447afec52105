using System.Security.Cryptography;
using System.Text;

namespace BreakHis.Files;

/// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
public static class Sha256Hex
{
    /// <summary>Returns the hash of a file's bytes.</summary>
    /// <exception cref="IOException">The file cannot be read, or is a pipe, socket or device.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static string OfFile(string path)
    {
        // Opening a pipe waits for ever if nothing writes to it.
        if (!FileKind.IsRegular(path))
        {
            throw new IOException($"{path}: {FileKind.NotRegular}");
        }

        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Returns the hash of a text in UTF-8.</summary>
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the hash of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
