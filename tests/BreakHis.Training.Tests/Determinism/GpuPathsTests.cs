using BreakHis.Training.Determinism;
using BreakHis.Training.Libtorch;
using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests.Determinism;

/// <summary>What can be tested of a GPU's settings without one.</summary>
public sealed class GpuPathsTests
{
    public GpuPathsTests() => _ = torch.get_num_threads();

    [Fact]
    public void Libtorch_has_every_setting() =>
        Assert.All(GpuPaths.Functions, function => Assert.NotNull(LibtorchBuild.Function(function)));

    [Fact]
    public void Libtorch_says_its_version() => Assert.StartsWith(LibtorchBuild.Version() + ".", torch.__version__);

    [Fact]
    public void Libtorch_for_the_processor_has_no_CUDA() =>
        Assert.Equal(("unknown", "unknown"), (LibtorchBuild.Cuda(), LibtorchBuild.CuDnn()));

    [Theory]
    [InlineData("91.9", "9.19")]
    [InlineData("91.5.1", "9.15.1")]
    [InlineData("90.1", "9.1")]
    [InlineData("8.9.2", "8.9.2")]
    [InlineData("unknown", "unknown")]
    public void The_version_of_cuDNN_is_read(string said, string version) =>
        Assert.Equal(version, LibtorchBuild.CuDnn(said));
}
