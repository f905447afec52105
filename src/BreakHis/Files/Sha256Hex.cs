using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace BreakHis.Files;

/// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
internal static class Sha256Hex
{
    /// <summary>Returns the hash of a file's bytes.</summary>
    /// <exception cref="IOException">The file cannot be read, is a pipe, socket or device, or has terabytes of
    /// holes.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static string OfFile(string path)
    {
        FileKind.RequireRegular(path);
        FileKind.RequireContent(path);
        using SafeFileHandle file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        return OfFile(file);
    }

    /// <summary>
    /// Returns whether a file has a recorded length and hash. A file of another length is not read: it could be a sparse
    /// one of terabytes.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read, or is a pipe, socket or device.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the file is denied.</exception>
    public static bool IsOfFile(string path, string sha256, long bytes) =>
        new FileInfo(path).Length == bytes && OfFile(path) == sha256;

    /// <summary>Returns the hash of a text in UTF-8.</summary>
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns the hash of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // SHA256.HashData reads a stream in pieces of 4 KB, which takes 10 % longer for libtorch.
    private static string OfFile(SafeFileHandle file)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(128 * 1024);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long at = 0;
        for (int read; (read = RandomAccess.Read(file, piece, at)) > 0; at += read)
        {
            hash.AppendData(piece, 0, read);
        }

        ArrayPool<byte>.Shared.Return(piece);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
