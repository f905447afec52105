using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Runs on the libraries of a PyTorch that the user names. No GPU is needed: the tool's own libraries stand in another
/// folder, laid out as in PyTorch's package.
/// </summary>
public sealed class InstalledPyTorchTests
{
    private const string Variable = "BREAKHIS_LIBTORCH";

    /// <summary>Debian's PyTorch, which is older than those that were tried.</summary>
    private const string Debian = "/usr/lib/python3/dist-packages/torch";

    private static readonly string[] Libraries =
    [
        "libtorch.so",
        "libtorch_cpu.so",
        "libc10.so",
        "libgomp-98b21ff3.so.1",
    ];

    private const string Results =
        "select path, sha256 from artifacts union all select stage || epoch, state_sha256 from epochs";

    [Theory]
    [InlineData("packages/torch")]
    [InlineData("packages/torch/lib/")]
    public async Task A_run_uses_the_named_libraries_and_no_others(string named)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Outcome own = await place.Breakhis("run", "tiny.yaml");
        Install(place);
        place.Environment[Variable] = place.At(named);
        // A library that computes is hashed from where it was loaded; this one has another hash and the same code.
        await using (FileStream libc10 = File.Open(place.At("packages/torch/lib/libc10.so"), FileMode.Append))
        {
            libc10.WriteByte(0);
        }

        // As if it were built for CUDA: the variables are set before it is known whether there is a GPU.
        place.Write("packages/torch/lib/libtorch_cuda.so", "never loaded");
        place.Environment["NVIDIA_TF32_OVERRIDE"] = "1";
        Outcome other = await place.Breakhis("run", "tiny.yaml", "--home", "other");

        Assert.True(own.ExitCode == 0, $"{own}");
        Assert.True(other.ExitCode == 0, $"{other}");
        Assert.Equal(place.Query(Results), place.Query(Results, "other"));
        const string Libc10 = "select value from provenance where name = 'compute.libc10_sha256'";
        Assert.NotEqual(place.Query(Libc10), place.Query(Libc10, "other"));
        Assert.Equal(
            ["2.10.0.0"],
            place.Query("select value from provenance where name = 'compute.libtorch'", "other")
        );
        Assert.Equal(
            ["1"],
            place.Query("select value from provenance where name = 'removed.NVIDIA_TF32_OVERRIDE'", "other")
        );
        Outcome doctor = await place.Breakhis("doctor");
        Assert.Contains($"from {place.At("packages/torch/lib")}", doctor.Output, StringComparison.Ordinal);
        Outcome audit = await place.Breakhis("audit", "@1", "--rerun", "--home", "other");
        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains("reproduced bit for bit", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Portable_bits_ignore_the_named_libraries()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny + "\ndeterminism: portable\n");
        place.Environment[Variable] = place.At("nothing");

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--dry-run");

        Assert.True(run.ExitCode == 0, $"{run}");
    }

    [Fact]
    public async Task Libraries_that_the_system_finds_first_are_refused()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Install(place);
        Directory.CreateDirectory(place.At("first"));
        File.Copy(place.At("packages/torch/lib/libtorch_cpu.so"), place.At("first/libtorch_cpu.so"));
        place.Environment[Variable] = place.At("packages/torch");
        place.Environment["LD_PRELOAD"] = place.At("first/libtorch_cpu.so");
        place.Environment["LD_LIBRARY_PATH"] = place.At("packages/torch/lib");

        await RequireRefused(place, $"{place.At("first/libtorch_cpu.so")} was loaded instead");
    }

    [Fact]
    public async Task A_folder_without_libraries_is_refused()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Environment[Variable] = place.Folder;

        await RequireRefused(place, $"{Variable}: {place.Folder} does not contain libtorch.so");
    }

    [Fact]
    public async Task A_damaged_library_is_refused()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        Install(place);
        place.Environment[Variable] = place.At("packages/torch");
        await File.WriteAllTextAsync(
            place.At("packages/torch/lib/libtorch_cpu.so"),
            "no library",
            TestContext.Current.CancellationToken
        );

        await RequireRefused(place, "file too short");
    }

    [Fact]
    public async Task A_version_that_was_not_tried_is_refused()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Debian, "version.py")), "needs Debian's python3-torch");
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Environment[Variable] = Debian;

        await RequireRefused(place, "its version is 1.13.0a0, and only 2.10 and 2.11 were tried");
    }

    [Theory]
    [InlineData("version.py", "__version__ = '2.12.0'\n", "its version is 2.12.0, and only")]
    [InlineData("version.py", "", "its version is unknown")]
    [InlineData("build-version", "2.9.1+cu130\n", "its version is 2.9.1+cu130, and only")]
    public async Task Another_version_is_refused_before_it_is_loaded(string file, string content, string message)
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Write("packages/torch/lib/libtorch.so", "never loaded");
        place.Write($"packages/torch/{file}", content);
        place.Environment[Variable] = place.At("packages/torch");

        await RequireRefused(place, message);
    }

    private static async Task RequireRefused(Workplace place, string message)
    {
        Outcome run = await place.Breakhis("run", "tiny.yaml");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Outcome doctor = await place.Breakhis("doctor");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains(message, doctor.Output, StringComparison.Ordinal);
    }

    private static void Install(Workplace place)
    {
        string tool = Workplace.BuiltTool;
        Directory.CreateDirectory(place.At("packages/torch/lib"));
        foreach (string library in Libraries)
        {
            File.Copy(Path.Combine(tool, library), place.At($"packages/torch/lib/{library}"));
        }

        place.Write("packages/torch/version.py", "__version__ = '2.10.0+cpu'\ndebug = False\n");
    }
}
