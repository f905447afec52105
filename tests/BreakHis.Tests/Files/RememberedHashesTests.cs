using BreakHis.Files;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Files;

/// <summary>A remembered hash is always the one of the file's present content.</summary>
public sealed class RememberedHashesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RememberedHashes Hashes => new(_folder["hashes"]) { Settled = TimeSpan.FromMilliseconds(100) };

    private string File => _folder["library.so"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_hash_is_remembered_once_the_file_has_settled()
    {
        System.IO.File.WriteAllText(File, "first");

        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));
        Assert.False(Directory.Exists(_folder["hashes"]));
        Settle();
        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));
        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));
        string remembered = Assert.Single(Directory.GetFiles(_folder["hashes"]));
        System.IO.File.WriteAllText(remembered, Sha256Hex.OfText("remembered"));
        Assert.Equal(Sha256Hex.OfText("remembered"), Hashes.OfFile(File));
    }

    /// <summary>The time of the last write can be set back, but not that of the last change.</summary>
    [Fact]
    public void A_file_that_is_edited_is_read_again_also_if_its_size_and_time_are_the_same()
    {
        System.IO.File.WriteAllText(File, "first");
        Settle();
        DateTime written = System.IO.File.GetLastWriteTimeUtc(File);
        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));

        System.IO.File.WriteAllText(File, "other");
        System.IO.File.SetLastWriteTimeUtc(File, written);

        Assert.Equal(Sha256Hex.OfText("other"), Hashes.OfFile(File));
        Settle();
        Assert.Equal(Sha256Hex.OfText("other"), Hashes.OfFile(File));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no hash")]
    public void A_damaged_memory_is_not_believed(string damaged)
    {
        System.IO.File.WriteAllText(File, "first");
        Settle();
        Hashes.OfFile(File);
        System.IO.File.WriteAllText(Directory.GetFiles(_folder["hashes"]).Single(), damaged);

        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_no_error()
    {
        System.IO.File.WriteAllText(File, "first");
        System.IO.File.WriteAllText(_folder["hashes"], "a file");
        Settle();

        Assert.Equal(Sha256Hex.OfText("first"), Hashes.OfFile(File));
    }

    private void Settle()
    {
        while (DateTimeOffset.UtcNow - FileKind.Stamp(File)!.ChangedAt < Hashes.Settled)
        {
            Thread.Sleep(10);
        }
    }
}
