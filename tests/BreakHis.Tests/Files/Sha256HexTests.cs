using System.Security.Cryptography;
using BreakHis.Files;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Files;

public sealed class Sha256HexTests
{
    /// <summary>Files are read in pieces of 128 KB.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(128 * 1024)]
    [InlineData((128 * 1024) + 1)]
    [InlineData(1_000_000)]
    public void The_hash_of_a_file_is_that_of_its_bytes(int length)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        File.WriteAllBytes(folder["file"], bytes);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), Sha256Hex.OfFile(folder["file"]));
    }

    [Fact]
    public void A_file_of_holes_is_not_read()
    {
        using var folder = new TemporaryFolder();
        SparseFile.Make(folder["file"], 1L << 42);

        IOException e = Assert.Throws<IOException>(() => Sha256Hex.OfFile(folder["file"]));

        Assert.Equal(
            $"{folder["file"]}: 4,398,046,511,104 bytes, almost only holes (a sparse file); not read",
            e.Message
        );
    }
}
