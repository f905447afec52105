using BreakHis.Files;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Files;

public sealed class FileLockTests
{
    /// <summary>Opening a lock creates its file: through a link, somewhere else.</summary>
    [Fact]
    public void A_link_is_no_lock()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["lock"], folder["elsewhere"]);

        Assert.Contains(
            "lock: is a link",
            Assert.Throws<IOException>(() => FileLock.TryTake(folder["lock"])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<IOException>(() => FileLock.TryShare(folder["lock"]));
        Assert.False(File.Exists(folder["elsewhere"]));
    }
}
