using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// <c>determinism: portable</c> must give these bits on every machine (docs/portable-bits.md). A golden hash changes
/// only if the arithmetic changes, in our code or in a new libtorch. Only then update it, after computing it here and
/// on a different processor.
/// </summary>
public sealed class PortableBitsTests
{
    /// <summary>Both stages, with gradients through convolutions that halve the resolution.</summary>
    private const string ResNet = """
        name: resnet18_mlnet
        seeds: [3]
        threads: 1
        determinism: portable
        data:
          source: breakhis
          path: tissue
          magnifications: [100]
          label: malignancy
          split: { by: patient, validation: 0.5, seed: 2 }
        model: { backbone: resnet18_mlnet, weights: imagenet }
        stages:
          bottleneck:
            input_size: 64
            head: { dense: [16], dropout: 0.25 }
            batch_size: 8
            epochs: 2
          fine_tune:
            train_from: stage3
            batch_norm: batch_statistics_updating
            optimizer: { sgd: { learning_rate: 0.001, momentum: 0.9 } }
            augmentation: { rotation: 10, shear_radians: 0.1, zoom: 0.1, horizontal_flip: true, fill: nearest }
            epochs: 1
        """;

    private const string Inception = """
        extends: resnet18_mlnet.yaml
        name: inception_v3
        model: { backbone: inception_v3, weights: none }
        stages:
          bottleneck: { input_size: 75 }
          fine_tune: { train_from: Mixed_6e }
        """;

    private const string MobileNet = """
        extends: resnet18_mlnet.yaml
        name: mobilenet_v2
        model: { backbone: mobilenet_v2, weights: none }
        stages:
          fine_tune: { train_from: features_3 }
        """;

    public static TheoryData<string, string, string> Golden =>
        new()
        {
            { "resnet18_mlnet", "1", "d47b641dfba7f3a3f935cae6586c9d0dcf9588f68691c6bce828306f0b0819a1" },
            { "resnet18_mlnet", "2", "0f5cd3eea535b70dff5bf3bc08a4464a0bfbe7a184d6dd928812f4407257b20c" },
            { "inception_v3", "1", "109e6af117a6d3ab3c0179e9850ac97df5d389357f3f922200c1991a28dc7861" },
            { "inception_v3", "2", "785b1d0b289a1f3622c62d32dbddd59552034283dad29e78c29c4f2ffd84fe11" },
            { "mobilenet_v2", "1", "adc2202d2cc20feaec3ea25eec2ab40d8e2b2f27515637fb496a71f76f580a90" },
            { "mobilenet_v2", "2", "4ab95734c2d1e6dc47deea14e290ef2f1d23f413c1344daad376dc1329856615" },
        };

    [Theory]
    [MemberData(nameof(Golden))]
    public async Task Every_machine_gives_the_golden_bits(string backbone, string threads, string golden)
    {
        using Workplace place = await WithPictures();

        AssertGolden(golden, await Bits(place, backbone, threads), backbone, threads, Processor());
    }

    [Fact]
    public async Task User_settings_change_neither_bits_nor_fingerprint()
    {
        using Workplace place = await WithPictures();
        string plan = (await place.Breakhis("run", "resnet18_mlnet.yaml", "--dry-run", "--json")).Output;
        string golden = Golden.First().Data.Item3;
        foreach (
            (string name, string value) in (IEnumerable<(string, string)>)
                [
                    ("ATEN_CPU_CAPABILITY", "default"),
                    ("DNNL_MAX_CPU_ISA", "AVX"),
                    ("ONEDNN_MAX_CPU_ISA", "SSE41"),
                    ("MKL_CBWR", "AVX2"),
                    ("MKL_ENABLE_INSTRUCTIONS", "SSE4_2"),
                    ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-FMA:glibc.cpu.x86_data_cache_size=16384"),
                ]
        )
        {
            place.Environment[name] = value;
        }

        AssertGolden(golden, await Bits(place, "resnet18_mlnet", "1"), "resnet18_mlnet", "1", Processor());
        Assert.Contains(place.Query("select fingerprint from runs")[0], plan, StringComparison.Ordinal);
        Assert.Equal(
            ["removed.ONEDNN_MAX_CPU_ISA|SSE41"],
            place.Query("select name, value from provenance where name like '%.ONEDNN_MAX_CPU_ISA'")
        );
    }

    /// <summary>Other implementations order sums by cache sizes, which differ between machines.</summary>
    [Theory]
    [InlineData("resnet18_mlnet", "stem")]
    [InlineData("inception_v3", "Conv2d_1a_3x3")]
    [InlineData("mobilenet_v2", "features_0")]
    public async Task Convolutions_use_only_implementations_that_ignore_cache_sizes(string backbone, string from)
    {
        using Workplace place = await WithPictures();
        place.Environment["ONEDNN_VERBOSE"] = "1";

        Outcome run = await place.Breakhis(
            "run",
            backbone + ".yaml",
            "--set",
            "stages.fine_tune.train_from=" + from,
            "--quiet"
        );

        Assert.True(run.ExitCode == 0, $"{run}");
        string[] taken =
        [
            .. run
                .Output.Split('\n')
                .Where(line => line.Contains(",exec,cpu,convolution,", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line.Split(',')[6..8]))
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        Assert.NotEmpty(taken);
        Assert.All(
            taken,
            one =>
                Assert.Contains(
                    one,
                    (string[])
                        [
                            "jit:avx2 backward_data",
                            "jit:avx2 backward_weights",
                            "jit:avx2 forward_training",
                            "jit_1x1:avx2 backward_data",
                            "jit_1x1:avx2 backward_weights",
                            "jit_1x1:avx2 forward_training",
                            "jit_dw:avx2 backward_data",
                            "jit_dw:avx2 backward_weights",
                            "jit_dw:avx2 forward_training",
                            "x64:gemm:jit backward_weights",
                        ]
                )
        );
    }

    /// <summary>
    /// QEMU computes instructions as IEEE 754 defines them, and reciprocal estimates unlike any real processor. It
    /// reports another vendor, model and caches, so it provides a different processor on any machine.
    /// </summary>
    [Theory]
    [InlineData("resnet18_mlnet", "Haswell")]
    [InlineData("inception_v3", "Skylake-Client")]
    [InlineData("mobilenet_v2", "Haswell")]
    public async Task An_emulated_Intel_processor_gives_the_golden_bits(string backbone, string processor)
    {
        Assert.SkipUnless(SpecTexts.AllRun, "slow (minutes); set BREAKHIS_SLOW_TESTS=all to run it");
        const string Emulator = "/usr/bin/qemu-x86_64";
        Assert.SkipUnless(File.Exists(Emulator), $"needs {Emulator} (Debian: qemu-user)");
        string? dotnet = Dotnet();
        Assert.SkipWhen(dotnet is null, "needs dotnet on PATH");
        using Workplace place = await WithPictures();

        // The emulator crashes on the signals that .NET uses to stop threads for garbage collection or code changes.
        place.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        place.Environment["DOTNET_GCgen0size"] = "30000000";
        place.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        place.Environment["DOTNET_TieredCompilation"] = "0";
        place.Environment["DOTNET_gcConcurrent"] = "0";
        string tool = Path.Combine(place.Tool, "dotnet-breakhis.dll");
        Outcome run = await place
            .Start(Emulator, "-cpu", processor, dotnet!, tool, "run", backbone + ".yaml", "--quiet")
            .End();

        Assert.True(run.ExitCode == 0, $"{run}");
        string golden = Golden.Single(row => row.Data.Item1 == backbone && row.Data.Item2 == "1").Data.Item3;
        AssertGolden(golden, Bits(place), backbone, "1", processor);
    }

    private static async Task<Workplace> WithPictures()
    {
        var place = new Workplace();
        await PreparedPlace.WithTissue(
            place,
            "tissue.yaml",
            SpecTexts
                .Tiny.Replace("patients_per_subtype: 1", "patients_per_subtype: 2", StringComparison.Ordinal)
                .Replace("magnifications: [200]", "magnifications: [100]", StringComparison.Ordinal)
        );
        place.Write("resnet18_mlnet.yaml", ResNet);
        place.Write("inception_v3.yaml", Inception);
        place.Write("mobilenet_v2.yaml", MobileNet);
        return place;
    }

    private static async Task<string> Bits(Workplace place, string backbone, string threads)
    {
        Outcome run = await place.Breakhis("run", backbone + ".yaml", "--threads", threads, "--quiet");
        Assert.True(run.ExitCode == 0, $"{run}");
        return Bits(place);
    }

    /// <summary>One line per part of a run: a hash of the part's numbers.</summary>
    private static string Bits(Workplace place) =>
        string.Join(
            '\n',
            new[]
            {
                ("features", "select sha256 from features"),
                // The golden hashes are older than the file with the preprocessing.
                (
                    "weights",
                    "select path, sha256 from artifacts where path <> 'preprocessing.safetensors' order by path, number"
                ),
                (
                    "metrics",
                    "select stage, epoch, train_loss, train_accuracy, validation_loss, validation_accuracy from epochs order by stage, epoch"
                ),
                (
                    "predictions",
                    "select stage, image, truth, predicted, probabilities from predictions order by stage, image"
                ),
            }.Select(part => $"{part.Item1} {Hash(string.Join('\n', place.Query(part.Item2)))}")
        );

    private static void AssertGolden(string golden, string bits, string backbone, string threads, string processor)
    {
        string hash = Hash(bits);
        Assert.True(
            golden == hash,
            $"{backbone}, threads: {threads}, on {processor}: {hash} instead of {golden}. In parts:\n{bits}"
        );
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .First(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Split(": ")[^1];

    private static string? Dotnet() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "dotnet"))
            .Where(File.Exists)
            .Select(file => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file)
            .FirstOrDefault();
}
