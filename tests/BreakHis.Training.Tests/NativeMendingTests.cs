using System.Reflection;
using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>The routine that the build mends TorchSharp's native library with (build/WeakenSymbolVersion.cs).</summary>
public sealed class NativeMendingTests
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Marker = "_ZSt21ios_base_library_initv";
    private const int Flag = 260660;

    [Fact]
    public void One_flag_of_the_packages_library_is_to_be_set()
    {
        byte[] library = PackagesLibrary();

        Assert.Equal(Flag, ElfSymbolVersion.FlagToSet(library, Version, Marker));
        Assert.Equal(0, library[Flag]);
    }

    [Fact]
    public void The_library_beside_the_program_differs_in_that_flag_alone()
    {
        byte[] package = PackagesLibrary();
        byte[] mended = Beside("libLibTorchSharp.so");
        int[] changed = [.. Enumerable.Range(0, package.Length).Where(i => package[i] != mended[i])];

        Assert.Equal(package.Length, mended.Length);
        Assert.Equal([Flag], changed);
        Assert.Equal(2, mended[Flag]);
    }

    [Fact]
    public void A_mended_library_stays_as_it_is() => AssertNothing(Beside("libLibTorchSharp.so"));

    [Fact]
    public void A_library_that_asks_for_no_such_version_stays_as_it_is() => AssertNothing(Beside("libc10.so"));

    [Fact]
    public void A_version_that_other_symbols_need_stays_as_it_is() =>
        Assert.Equal(-1, ElfSymbolVersion.FlagToSet(PackagesLibrary(), Version, "another_marker"));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(4096)]
    public void What_is_no_library_stays_as_it_is(int length)
    {
        byte[] garbage = new byte[length];
        new Random(1).NextBytes(garbage);

        AssertNothing(garbage);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(260_000)]
    [InlineData(2_000_000)]
    public void A_library_cut_short_stays_as_it_is(int length) => AssertNothing(PackagesLibrary()[..length]);

    private static void AssertNothing(byte[] file) =>
        Assert.Equal(-1, ElfSymbolVersion.FlagToSet(file, Version, Marker));

    private static byte[] Beside(string file)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ELF is Linux's format");
        return File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, file));
    }

    /// <summary>The library as the package holds it, in the package folder that this build restored from.</summary>
    private static byte[] PackagesLibrary()
    {
        Assembly tests = typeof(NativeMendingTests).Assembly;
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
        Assert.SkipUnless(File.Exists(path), $"{path} is not on this machine");
        return File.ReadAllBytes(path);
    }
}
