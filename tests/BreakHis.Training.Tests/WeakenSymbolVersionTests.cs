using System.Reflection;
using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>
/// The task that weakens a version requirement of TorchSharp's native library in the build
/// (build/WeakenSymbolVersion.cs).
/// </summary>
public sealed class WeakenSymbolVersionTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const int Flag = 260660;

    [Fact]
    public void The_library_of_the_package_needs_one_flag()
    {
        byte[] library = PackagesLibrary();

        Assert.Equal(Flag, ElfSymbolVersion.FlagToSet(library, Version, Marker));
        Assert.Equal(0, library[Flag]);
    }

    [Fact]
    public void The_library_next_to_the_program_differs_only_in_that_flag()
    {
        byte[] package = PackagesLibrary();
        byte[] corrected = Beside("libLibTorchSharp.so");
        int[] changed = [.. Enumerable.Range(0, package.Length).Where(i => package[i] != corrected[i])];

        Assert.Equal(package.Length, corrected.Length);
        Assert.Equal([Flag], changed);
        Assert.Equal(2, corrected[Flag]);
    }

    [Fact]
    public void A_fixed_library_is_not_changed() => AssertNothing(Beside("libLibTorchSharp.so"));

    [Fact]
    public void A_library_without_the_version_is_not_changed() => AssertNothing(Beside("libc10.so"));

    [Fact]
    public void A_version_that_other_symbols_need_is_not_changed() =>
        Assert.Equal(-1, ElfSymbolVersion.FlagToSet(PackagesLibrary(), Version, "another_marker"));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(4096)]
    public void A_file_that_is_not_a_library_is_not_changed(int length)
    {
        byte[] garbage = new byte[length];
        new Random(1).NextBytes(garbage);

        AssertNothing(garbage);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(260_000)]
    [InlineData(2_000_000)]
    public void A_truncated_library_is_not_changed(int length) => AssertNothing(PackagesLibrary()[..length]);

    private static void AssertNothing(byte[] file) =>
        Assert.Equal(-1, ElfSymbolVersion.FlagToSet(file, Version, Marker));

    private static byte[] Beside(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs an ELF library (Linux)");
        return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file));
    }

    /// <summary>The original library in the package folder from which this build was restored.</summary>
    private static byte[] PackagesLibrary()
    {
        Assembly tests = typeof(WeakenSymbolVersionTests).Assembly;
        string root = tests
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot")
            .Value!;
        string path = Path.Combine(
            root,
            "torchsharp",
            typeof(torch).Assembly.GetName().Version!.ToString(3),
            "runtimes/linux-x64/native/libLibTorchSharp.so"
        );
        Assert.SkipUnless(File.Exists(path), $"needs {path}");
        return File.ReadAllBytes(path);
    }
}
