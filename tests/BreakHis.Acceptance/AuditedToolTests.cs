using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// Reruns with the recorded version of the tool: built from the recorded commit, or pinned in the recorded tree.
/// </summary>
[Trait("Speed", "slow")]
[Collection(typeof(Packing))]
public sealed class AuditedToolTests(PackedTool packed, ToolThatSkipsADraw other) : IClassFixture<ToolThatSkipsADraw>
{
    internal static bool HasSandbox => File.Exists("/usr/bin/bwrap");

    /// <summary>
    /// A tool that skips one draw produces a run. Rebuilt from commit and patch, it reproduces the run. The correct
    /// tool does not, and the first difference is the order of images, not the resulting loss.
    /// </summary>
    [Fact]
    public async Task A_tool_is_built_from_commit_and_patch_and_a_skipped_draw_is_detected()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        await AuditTests.Git(place, $"git clone -q '{other.Repository}' harness");
        place.Write(ToolThatSkipsADraw.Loop("harness"), other.Code);
        place.Write("harness/experiments/tiny.yaml", SpecTexts.Tiny);
        string honest = place.Tool;
        place.Tool = other.Tool;
        Outcome run = await place
            .Start(
                "bash",
                "-c",
                $"cd harness && dotnet '{place.Tool}/dotnet-breakhis.dll' run experiments/tiny.yaml --quiet"
            )
            .End();
        Assert.True(run.ExitCode == 0, $"{run}");
        place.Tool = honest;

        Outcome built = await place
            .Start(
                "bash",
                "-c",
                $"cd harness && dotnet '{place.Tool}/dotnet-breakhis.dll' audit --rerun {(HasSandbox ? "--sandbox" : "")}"
            )
            .End();
        Outcome present = await place.Breakhis(
            "audit",
            "--rerun",
            "--level",
            "artifacts",
            "--home",
            "harness/.breakhis"
        );

        Assert.True(built.ExitCode == 0, $"{built}");
        Assert.Contains(
            "pass          rerun      tool             built from the recorded commit and patch",
            built.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("everything in the fingerprint matches the record", built.Output, StringComparison.Ordinal);
        Assert.Contains("reproduced bit for bit", built.Output, StringComparison.Ordinal);
        Assert.Contains("pass          inputs     patch", built.Output, StringComparison.Ordinal);
        Assert.Contains(HasSandbox ? "in a sandbox" : "without a sandbox", built.Error, StringComparison.Ordinal);

        Assert.True(present.ExitCode == 1, $"{present}");
        Assert.Contains(
            "inconclusive  rerun      tool             this tool, which differs from the recorded one",
            present.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "first difference: bottleneck, epoch 2: order of images (recorded ",
            present.Output,
            StringComparison.Ordinal
        );
        Assert.Contains("compute.breakhis_training was", present.Output, StringComparison.Ordinal);
        Assert.Contains("a second rerun gave the same result as the first", present.Output, StringComparison.Ordinal);
    }

    /// <summary>The packed tool produces a run. A tool that skips a draw audits it, and restores the packed one.</summary>
    [Fact]
    public async Task A_tool_that_the_recorded_tree_pins_is_restored()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        place.Environment["NUGET_PACKAGES"] = place.At("packages");
        // .NET caches the paths of local tools by version there, and those of earlier tests no longer exist.
        place.Environment["DOTNET_CLI_HOME"] = place.At("cli");
        place.Write(
            "work/NuGet.config",
            $"<configuration><packageSources><clear /><add key=\"local\" value=\"{packed.Feed}\" /></packageSources></configuration>"
        );
        place.Write("work/tiny.yaml", SpecTexts.Tiny);
        await AuditTests.Git(
            place,
            "cd work && git init -q . && dotnet new tool-manifest && dotnet tool install dotnet-breakhis --prerelease && git add . && git commit -qm first"
        );
        Outcome run = await place.Start("bash", "-c", "cd work && dotnet breakhis run tiny.yaml --quiet").End();
        Assert.True(run.ExitCode == 0, $"{run}");

        Outcome audit = await place
            .Start("bash", "-c", $"cd work && dotnet '{other.Tool}/dotnet-breakhis.dll' audit --rerun")
            .End();

        Assert.True(audit.ExitCode == 0, $"{audit}");
        Assert.Contains("pins in the recorded tree", audit.Output, StringComparison.Ordinal);
        Assert.Contains("everything in the fingerprint matches the record", audit.Output, StringComparison.Ordinal);
        Assert.Contains("reproduced bit for bit", audit.Output, StringComparison.Ordinal);
    }
}

/// <summary>A tool that skips one draw, built once from a clone of the repository.</summary>
public sealed class ToolThatSkipsADraw : IAsyncLifetime
{
    private const string Order =
        "int[] order = RandomStream.From(plan.Seed, $\"{stage} order\", epoch).Permutation(train.Length);";

    private const string WithADrawSkipped = """
        var draws = RandomStream.From(plan.Seed, $"{stage} order", epoch);
                if (epoch == 2)
                {
                    draws.NextUInt64();
                }

                int[] order = draws.Permutation(train.Length);
        """;

    private readonly Workplace _place = new();

    /// <summary>The clone.</summary>
    public string Repository => _place.At("harness");

    /// <summary>The changed file's text.</summary>
    public string Code { get; private set; } = "";

    /// <summary>The folder of the built tool.</summary>
    public string Tool => _place.At("harness/src/BreakHis.Tool/bin/Release/net10.0/linux-x64");

    /// <summary>The changed file in a clone.</summary>
    public static string Loop(string clone) => $"{clone}/src/BreakHis.Training/Loop/TrainingSteps.cs";

    public async ValueTask InitializeAsync()
    {
        if (!SpecTexts.SlowTestsRun)
        {
            return;
        }

        await AuditTests.Git(_place, $"git clone -q '{SharedFolder.RepositoryRoot}' harness");
        string code = _place.Read(Loop("harness"));
        Assert.Contains(Order, code, StringComparison.Ordinal);
        Code = code.Replace(Order, WithADrawSkipped, StringComparison.Ordinal);
        _place.Write(Loop("harness"), Code);
        Outcome build = await _place
            .Start("dotnet", "build", "harness/src/BreakHis.Tool", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false")
            .End();
        Assert.True(build.ExitCode == 0, $"{build}");
    }

    public ValueTask DisposeAsync()
    {
        _place.Dispose();
        return ValueTask.CompletedTask;
    }
}
