using System.IO.Compression;
using BreakHis.Testing;
using BreakHis.Training.Weights.Formats;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Formats;

public sealed class BoundedZipTests
{
    private const int Entries = 400_000;
    private const int Most = ushort.MaxValue;

    /// <summary>
    /// The end record names the directory, or sends to the record for large archives: by the place of the directory, or
    /// only by the number of entries.
    /// </summary>
    [Theory]
    [InlineData(false, Most)]
    [InlineData(true, Most)]
    [InlineData(true, 1)]
    public void A_long_directory_is_refused_before_it_is_read(bool isLarge, int entries)
    {
        using var scratch = new TemporaryFolder();
        byte[] directory = Directory(Entries);
        File.WriteAllBytes(scratch["long.zip"], Archive(directory, Entries, isLarge, entries, place: null));
        File.WriteAllBytes(scratch["near.zip"], Archive(directory, Entries, isLarge: true, Most, place: 0));

        foreach (string file in (string[])["long.zip", "near.zip"])
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            FormatException e = Assert.Throws<FormatException>(() => BoundedZip.Open(File.OpenRead(scratch[file])));
            Assert.Contains("more than 16 MiB", e.Message, StringComparison.Ordinal);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Short_directories_are_read(bool isLarge)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file.zip"], Archive(Directory(3), 3, isLarge, isLarge ? Most : 3, place: null));

        using ZipArchive archive = BoundedZip.Open(File.OpenRead(scratch["file.zip"]));

        Assert.Equal(3, archive.Entries.Count);
    }

    /// <summary>An entry of 47 bytes, many times (APPNOTE.TXT, 4.3.12).</summary>
    private static byte[] Directory(int entries)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        for (int i = 0; i < entries; i++)
        {
            writer.Write("PK\u0001\u0002"u8);
            writer.Write([45, 0, 20, .. new byte[21], 1, .. new byte[17], (byte)'a']);
        }

        return bytes.ToArray();
    }

    /// <param name="entries">The number of entries in the end record; the largest sends to the record for large archives.</param>
    /// <param name="place">The place of the directory in the end record; null for the right one.</param>
    private static byte[] Archive(byte[] directory, int count, bool isLarge, int entries, uint? place)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write("PK\u0003\u0004"u8);
        writer.Write([20, 0, .. new byte[20], 1, 0, 0, 0, (byte)'a']);
        long first = bytes.Length;
        writer.Write(directory);
        long end = bytes.Length;
        if (isLarge)
        {
            writer.Write("PK\u0006\u0006"u8);
            writer.Write(44L);
            writer.Write([45, 0, 45, 0, .. new byte[8]]);
            Array.ForEach([count, count, directory.Length, first], writer.Write);
            writer.Write("PK\u0006\u0007"u8);
            writer.Write(0);
            writer.Write(end);
            writer.Write(1);
        }

        uint near = place is null ? (uint)first : (uint)(bytes.Length - 1);
        writer.Write("PK\u0005\u0006"u8);
        writer.Write(0);
        writer.Write((ushort)entries);
        writer.Write((ushort)entries);
        writer.Write(isLarge && place is null ? uint.MaxValue : (uint)directory.Length);
        writer.Write(isLarge && place is null ? uint.MaxValue : near);
        writer.Write((ushort)0);
        return bytes.ToArray();
    }
}
