using System.Diagnostics;
using System.Text.Json;
using BreakHis.Acceptance.Faults;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Under every environment, the same fingerprint means the same bits.</summary>
public sealed class EnvironmentTests
{
    private static readonly string[] Bits =
    [
        "select stage, epoch, train_loss, validation_loss, order_sha256, state_sha256 from epochs order by stage, epoch",
        "select stage, image, truth, predicted, probabilities from predictions order by stage, image",
        "select path, sha256 from artifacts order by path, number",
    ];

    /// <summary>One variable that a library reads, and whether the fingerprint must move.</summary>
    private static readonly (string Name, string Value, bool Moves)[] Variables =
    [
        ("OMP_THREAD_LIMIT", "1", false),
        ("DOTNET_EnableAVX512", "0", true),
        ("ATEN_CPU_CAPABILITY", "avx2", true),
        ("OMP_NUM_THREADS", "1", false),
        ("OMP_WAIT_POLICY", "active", false),
        ("OMP_NUM_THREADS", "8", false),
        ("OMP_DYNAMIC", "true", false),
        ("OMP_NESTED", "true", false),
        ("OMP_MAX_ACTIVE_LEVELS", "0", false),
        ("OMP_TEAMS_THREAD_LIMIT", "1", false),
        ("OMP_SCHEDULE", "dynamic,1", true),
        ("OMP_PROC_BIND", "true", false),
        ("OMP_PLACES", "{0}", false),
        ("OMP_STACKSIZE", "512k", false),
        ("OMP_DISPLAY_ENV", "true", false),
        ("OMP_CANCELLATION", "true", false),
        ("GOMP_CPU_AFFINITY", "0", false),
        ("GOMP_SPINCOUNT", "0", false),
        ("KMP_BLOCKTIME", "0", false),
        ("KMP_AFFINITY", "compact", false),
        ("KMP_DETERMINISTIC_REDUCTION", "1", true),
        ("MKL_NUM_THREADS", "1", false),
        ("MKL_DYNAMIC", "FALSE", false),
        ("MKL_DOMAIN_NUM_THREADS", "1", false),
        ("MKL_CBWR", "COMPATIBLE", true),
        ("MKL_CBWR", "AVX2", true),
        ("MKL_ENABLE_INSTRUCTIONS", "SSE4_2", true),
        ("ONEDNN_MAX_CPU_ISA", "AVX2", true),
        ("DNNL_MAX_CPU_ISA", "SSE41", true),
        ("ONEDNN_CPU_ISA_HINTS", "PREFER_YMM", true),
        ("ONEDNN_DEFAULT_FPMATH_MODE", "BF16", true),
        ("ONEDNN_VERBOSE", "0", false),
        ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "0", true),
        ("ATEN_CPU_CAPABILITY", "default", true),
        ("TORCH_HOME", "/nowhere", false),
        ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-FMA", true),
        ("DOTNET_EnableAVX2", "0", true),
        ("DOTNET_EnableHWIntrinsic", "0", true),
        ("DOTNET_PreferredVectorBitWidth", "128", true),
        ("DOTNET_TieredCompilation", "0", false),
        ("CUDA_VISIBLE_DEVICES", "", false),
        ("LC_ALL", "tr_TR.UTF-8", false),
    ];

    [Fact]
    public async Task Each_variable_moves_the_fingerprint_or_changes_no_bit()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny + "\n");
        place.Write("two.yaml", "extends: tiny.yaml\nthreads: 2\nstages: { fine_tune: { epochs: 1 } }\n");
        string fingerprint = await Fingerprint(place);
        IReadOnlyList<string> bits = await Run(place, "plain");
        const int Few = 4;
        foreach ((string name, string value, bool moves) in Variables[..(SpecTexts.AllRun ? ^0 : Few)])
        {
            place.Environment[name] = value;
            string home = $"{name}-{value.Length}";
            IReadOnlyList<string> itsBits = moves ? [] : await Run(place, home);
            string its = moves ? await Fingerprint(place) : place.Query("select fingerprint from runs", home).Single();
            Assert.True(
                its == fingerprint != moves,
                $"{name}={value}: the fingerprint is {its}, of the plain run {fingerprint}"
            );
            Assert.True(moves || bits.SequenceEqual(itsBits, StringComparer.Ordinal), $"{name}={value}: other bits");

            place.Environment.Remove(name);
        }
    }

    [Fact]
    public async Task Portable_bits_are_not_computed_with_a_library_from_elsewhere()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny + "\ndeterminism: portable\n");
        string own = Directory.GetFiles(place.Tool, "libgomp*").Single();
        File.Copy(own, place.At("libgomp.so.1"));
        place.Environment["LD_PRELOAD"] = place.At("libgomp.so.1");

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--dry-run");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(
            $"{place.At("libgomp.so.1")} was loaded; unset LD_PRELOAD",
            run.Error,
            StringComparison.Ordinal
        );

        File.Move(place.At("libgomp.so.1"), place.At("other.so"));
        place.Environment["LD_PRELOAD"] = place.At("other.so");
        Outcome renamed = await place.Breakhis("run", "tiny.yaml", "--dry-run");
        Assert.Equal(2, renamed.ExitCode);
        Assert.Contains("an OpenMP library was loaded before them", renamed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preloaded_library_that_multiplies_matrices_is_in_the_fingerprint_and_not_portable()
    {
        const string Blas = "/usr/lib/x86_64-linux-gnu/libblas.so.3";
        Assert.SkipUnless(File.Exists(Blas), $"needs {Blas} (Debian: libblas3)");
        using var place = new Workplace();
        place.Write("two.yaml", SpecTexts.Tiny);
        string without = await Fingerprint(place);
        place.Environment["LD_PRELOAD"] = Blas;

        Assert.NotEqual(without, await Fingerprint(place));

        place.Write("two.yaml", SpecTexts.Tiny + "\ndeterminism: portable\n");
        Outcome portable = await place.Breakhis("run", "two.yaml", "--dry-run");
        Assert.Equal(2, portable.ExitCode);
        Assert.Contains("was loaded; unset LD_PRELOAD", portable.Error, StringComparison.Ordinal);
    }

    /// <summary>MKL chooses parts of itself by the processor, and loads them when it first computes.</summary>
    [Fact]
    public async Task A_part_that_a_library_loads_when_it_multiplies_is_in_the_fingerprint()
    {
        using var place = new Workplace();
        place.Write("two.yaml", SpecTexts.Tiny);
        string part = place.At("libmkl_part.so.2");
        Library(place, place.Write("part.c", "int part = 1;"), part);
        Library(
            place,
            place.Write(
                "whole.c",
                $$"""
                #include <dlfcn.h>
                void sgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k, const float *alpha,
                    const float *a, const int *lda, const float *b, const int *ldb, const float *beta, float *c,
                    const int *ldc) {
                    dlopen("{{part}}", RTLD_NOW);
                    for (int i = 0; i < *m; i++)
                        for (int j = 0; j < *n; j++) c[i + j * *ldc] = 0;
                }
                """
            ),
            place.At("whole.so")
        );
        place.Environment["LD_PRELOAD"] = place.At("whole.so");
        string before = await Fingerprint(place);

        Library(place, place.Write("part.c", "int part = 2;"), part);

        Assert.NotEqual(before, await Fingerprint(place));
    }

    private static void Library(Workplace place, string source, string library)
    {
        FaultyDisk.SkipUnlessAvailable();
        using var gcc = Process.Start("gcc", ["-shared", "-fPIC", "-o", library, place.At(source)]);
        gcc.WaitForExit();
        Assert.Equal(0, gcc.ExitCode);
    }

    [Fact]
    public async Task A_libtorch_of_another_program_is_refused_before_anything_is_written()
    {
        const string Other = "/usr/lib/x86_64-linux-gnu";
        Assert.SkipUnless(File.Exists(Other + "/libtorch_cpu.so"), "needs Debian's libtorch1.13");
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Environment["LD_LIBRARY_PATH"] = Other;

        Outcome native = await place.Breakhis("run", "tiny.yaml", "--dry-run");
        place.Write("tiny.yaml", SpecTexts.Tiny + "\ndeterminism: portable\n");
        Outcome portable = await place.Breakhis("run", "tiny.yaml", "--dry-run");

        Assert.Equal((2, 2), (native.ExitCode, portable.ExitCode));
        Assert.Contains("the tool cannot load its libraries", native.Error, StringComparison.Ordinal);
        Assert.Contains("the tool cannot load its libraries", portable.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(place.Tool, "cpu")));
    }

    /// <summary>
    /// What is added to the tiny spec to get ten that use all backbones but one, both kinds of determinism, one and two
    /// threads, all modes of batch norms and all optimizers.
    /// </summary>
    private static readonly string[] Ten =
    [
        "threads: 2",
        "threads: 2\ndeterminism: portable",
        "threads: 1\ndeterminism: portable\nstages: { fine_tune: { batch_norm: inference } }",
        "threads: 2\nmodel: { backbone: resnet18_mlnet, weights: imagenet }\nstages: { fine_tune: { train_from: stage4 } }",
        "threads: 2\ndeterminism: portable\nmodel: { backbone: resnet18_mlnet, weights: imagenet }\nstages: { fine_tune: { train_from: stage3, batch_norm: inference_if_frozen } }",
        "threads: 2\nmodel: { backbone: resnet18 }\nstages: { fine_tune: { train_from: layer4, optimizer: { adamw: {} } } }",
        "threads: 2\ndeterminism: portable\nmodel: { backbone: resnet18 }\nstages: { fine_tune: { train_from: layer4, optimizer: { adam: {} } } }",
        "threads: 2\nmodel: { backbone: inception_v3 }\nstages: { bottleneck: { input_size: 75 }, fine_tune: { train_from: Mixed_7c } }",
        "threads: 2\nmodel: { backbone: resnet50 }\nstages: { fine_tune: { train_from: layer4, batch_norm: batch_statistics } }",
        "threads: 2\nstages: { bottleneck: { head: { dense: [64, 32] }, optimizer: { sgd: { learning_rate: 0.1 } } }, fine_tune: null }",
    ];

    /// <summary>
    /// Forty environments and a single core: every spec has the same bits, another fingerprint, or is refused.
    /// </summary>
    [Fact]
    public async Task In_every_environment_ten_specs_have_the_same_bits_or_another_fingerprint_or_are_refused()
    {
        Assert.SkipUnless(SpecTexts.AllRun, "slow (many minutes); set BREAKHIS_SLOW_TESTS=all to run it");
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny + "\n");
        foreach ((int i, string text) in Ten.Index())
        {
            place.Write($"spec{i}.yaml", $"extends: tiny.yaml\nname: spec{i}\n{text}\n");
        }

        // Native and portable specs cannot run in one call.
        string[][] calls =
        [
            .. Ten.Index()
                .GroupBy(
                    spec => spec.Item.Contains("portable", StringComparison.Ordinal),
                    spec => $"spec{spec.Index}.yaml"
                )
                .Select(specs =>
                    (string[])["run", .. specs, "--quiet", "--set", "stages.bottleneck.epochs=1", "--home"]
                ),
        ];
        await RunAll("plain", call => place.Breakhis(call));
        Dictionary<string, string[]> expected = BitsByFingerprint(place, "plain");
        Assert.Equal(Ten.Length, expected.Count);
        int same = 0;
        foreach ((string name, string value, _) in Variables)
        {
            place.Environment[name] = value;
            await RunAll("other", call => place.Breakhis(call));
            AssertSame($"{name}={value}");
            place.Environment.Remove(name);
        }

        string tool = Path.Combine(place.Tool, "dotnet-breakhis.dll");
        await RunAll("other", call => place.Start("taskset", ["-c", "0", "dotnet", tool, .. call]).End());
        AssertSame("one core");
        Assert.True(same > Ten.Length * Variables.Length / 2, $"only {same} runs had a known fingerprint");

        async Task RunAll(string home, Func<string[], Task<Outcome>> start)
        {
            foreach (string[] call in calls)
            {
                Outcome run = await start([.. call, home]);
                bool isRefused = run.ExitCode == 2 && run.Error.Contains("error BH5001: ", StringComparison.Ordinal);
                Assert.True(run.ExitCode == 0 || isRefused, $"{run}");
            }
        }

        void AssertSame(string environment)
        {
            foreach ((string fingerprint, string[] bits) in BitsByFingerprint(place, "other"))
            {
                if (expected.TryGetValue(fingerprint, out string[]? known))
                {
                    same++;
                    Assert.True(known.SequenceEqual(bits, StringComparer.Ordinal), $"{environment}: other bits");
                }
            }

            Directory.Delete(place.At("other"), recursive: true);
        }
    }

    private static Dictionary<string, string[]> BitsByFingerprint(Workplace place, string home) =>
        place
            .Query("select fingerprint || '|' || id from runs", home)
            .Select(line => line.Split('|'))
            .ToDictionary(
                run => run[0],
                run =>
                    (string[])
                        [
                            .. Bits.SelectMany(query =>
                                place.Query(
                                    query.Replace(
                                        " order by",
                                        $" where run_id = '{run[1]}' order by",
                                        StringComparison.Ordinal
                                    ),
                                    home
                                )
                            ),
                        ],
                StringComparer.Ordinal
            );

    [Fact]
    public async Task A_variable_that_limits_threads_is_removed_noted_and_recorded()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Environment["OMP_THREAD_LIMIT"] = "1";

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--threads", "2", "--set", "stages.fine_tune=null");

        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Contains(
            "note: ignored, because the plan decides threads, math paths and decoders: OMP_THREAD_LIMIT=1",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(["1"], place.Query("select value from provenance where name = 'removed.OMP_THREAD_LIMIT'"));
    }

    /// <summary>
    /// A library that is loaded before the tool has read its variables already, so removing them is too late.
    /// </summary>
    [Fact]
    public async Task A_run_is_refused_if_OpenMP_delivers_fewer_threads_than_planned()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        place.Environment["OMP_THREAD_LIMIT"] = "1";
        place.Environment["LD_PRELOAD"] = Directory.GetFiles(place.Tool, "libgomp*").Single();

        Outcome run = await place.Breakhis("run", "tiny.yaml", "--threads", "2", "--quiet");
        Outcome one = await place.Breakhis("run", "tiny.yaml", "--threads", "1", "--dry-run");

        Assert.Equal((2, 0), (run.ExitCode, one.ExitCode));
        Assert.Contains("error BH5001: OpenMP delivers 1 of 2 threads", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(place.At(".breakhis/ledger.db")));
    }

    [Fact]
    public async Task On_one_core_two_threads_have_the_same_bits_and_fingerprint()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        place.Write("two.yaml", SpecTexts.Tiny + "\n");
        string tool = Path.Combine(place.Tool, "dotnet-breakhis.dll");
        string[] run = ["run", "two.yaml", "--threads", "2", "--quiet", "--home"];

        Outcome all = await place.Breakhis([.. run, "all"]);
        Outcome one = await place.Start("taskset", ["-c", "0", "dotnet", tool, .. run, "one"]).End();

        Assert.True(all.ExitCode == 0 && one.ExitCode == 0, $"{all}\n{one}");
        const string Fingerprints = "select fingerprint from runs";
        Assert.Equal(place.Query(Fingerprints, "all"), place.Query(Fingerprints, "one"));
        Assert.Equal(BitsOf(place, "all"), BitsOf(place, "one"));
    }

    private static async Task<string> Fingerprint(Workplace place)
    {
        Outcome plan = await place.Breakhis("run", "two.yaml", "--dry-run", "--json");
        Assert.True(plan.ExitCode == 0, $"{plan}");
        using var json = JsonDocument.Parse(plan.Output);
        return json.RootElement.GetProperty("fingerprint").GetString()!;
    }

    private static async Task<IReadOnlyList<string>> Run(Workplace place, string home)
    {
        Outcome run = await place.Breakhis("run", "two.yaml", "--quiet", "--home", home);
        Assert.True(run.ExitCode == 0, $"{run}");
        return BitsOf(place, home);
    }

    private static string[] BitsOf(Workplace place, string home) =>
        [.. Bits.SelectMany(query => place.Query(query, home))];
}
