using BreakHis.Files;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Files;

public sealed class AtomicFileTests
{
    /// <summary>Root could lose /dev/null in this way.</summary>
    [Fact]
    public void A_pipe_or_device_is_not_replaced_by_a_file()
    {
        using var folder = new TemporaryFolder();
        NamedPipe.Make(folder["pipe"]);

        Assert.Throws<IOException>(() => AtomicFile.Write(folder["pipe"], "x"));

        Assert.False(FileKind.IsRegular(folder["pipe"]));
        Assert.Equal(["pipe"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }
}
