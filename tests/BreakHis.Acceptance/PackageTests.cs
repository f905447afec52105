using Xunit;

namespace BreakHis.Acceptance;

/// <summary>The packed tool, installed from a local feed as by a user.</summary>
[Trait("Speed", "slow")]
[Collection(typeof(Packing))]
public sealed class PackageTests(PackedTool tool)
{
    [Fact]
    public async Task The_packed_tool_installs_and_runs_in_an_empty_folder_with_the_weights_inside()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        Assert.True(
            new FileInfo(Directory.GetFiles(tool.Feed, "*.linux-x64.*.nupkg").Single()).Length < 250_000_000,
            "a package larger than 250 MB is not taken by the public feed"
        );

        place.Write(
            "NuGet.config",
            $"<configuration><packageSources><clear /><add key=\"local\" value=\"{tool.Feed}\" /></packageSources></configuration>"
        );
        place.Environment["NUGET_PACKAGES"] = place.At("packages");
        Outcome install = await place
            .Start(
                "dotnet",
                "tool",
                "install",
                "dotnet-breakhis",
                "--version",
                PackedTool.Version,
                "--tool-path",
                place.At("tools"),
                "--configfile",
                "NuGet.config"
            )
            .End();
        Assert.True(install.ExitCode == 0, $"{install}");

        place.Environment["PATH"] =
            place.At("tools") + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH");
        place.Write("empty/tiny.yaml", SpecTexts.TinyImageNet);
        Outcome run = await place
            .Start("bash", "-c", "cd empty && dotnet breakhis run tiny.yaml --set stages.fine_tune.epochs=1")
            .End();
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(["finished"], place.Query("select state from run_summary", "empty/.breakhis"));
        Assert.True(File.Exists(place.At("empty/reports/tiny.html")));
        Assert.Equal(
            ["1519ca20fb7fc0169d94f935bc2d411652ae9f191acb16f87454310a250bb85e"],
            place.Query("select value from provenance where name = 'weights.sha256'", "empty/.breakhis")
        );
    }
}
