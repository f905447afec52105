using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>The task that changes names in TorchSharp's assembly in the build (build/ReplaceLiteral.cs).</summary>
public sealed class ReplaceLiteralTests
{
    private static readonly byte[] TorchSharpBesideTheProgram = File.ReadAllBytes(
        Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll")
    );

    [Theory]
    [InlineData("torch_cpu")]
    [InlineData("torch_cuda")]
    public void TorchSharp_beside_the_program_looks_for_no_libtorch(string library)
    {
        Assert.Equal(-1, Literal.Find(TorchSharpBesideTheProgram, library));
        Assert.NotEqual(-1, Literal.Find(TorchSharpBesideTheProgram, library[..^1] + "-"));
    }

    [Fact]
    public void It_is_the_one_that_is_loaded() =>
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "TorchSharp.dll"), typeof(torch).Assembly.Location);

    [Theory]
    [InlineData("\u0007a\0b\0c\0\0", 1)]
    [InlineData("x\u0007a\0b\0c\0\0x", 2)]
    [InlineData("\u0009a\0b\0c\0d\0\0", -1)]
    [InlineData("\u0007a\0b\0c\0\0\u0007a\0b\0c\0\0", -1)]
    [InlineData("\u0007a\0b\0c\0", -1)]
    [InlineData("", -1)]
    public void A_literal_is_found_if_it_is_there_once(string assembly, int offset) =>
        Assert.Equal(offset, Literal.Find([.. assembly.Select(c => (byte)c)], "abc"));
}
