using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Experiments as part of an MSBuild build.</summary>
public sealed class BuildTests
{
    [Fact]
    public async Task A_build_runs_stale_specs_once_and_reports_errors_at_the_yaml_line()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny.Replace("epochs: 2", "epochs: 1", StringComparison.Ordinal));
        place.Write("child.yaml", "extends: tiny.yaml\nname: child\nseeds: [4]\n");
        place.Write("Experiments.proj", Project(place.Tool));

        Outcome first = await Build(place);
        Assert.True(first.ExitCode == 0, $"{first}");
        Assert.Equal(["child", "tiny"], place.Query("select name from runs order by name"));
        Assert.True(
            File.Exists(place.At("reports/tiny.html")) && File.Exists(place.At("reports/child.html")),
            $"{first}"
        );

        Outcome second = await Build(place);
        Assert.True(second.ExitCode == 0, $"{second}");
        Assert.DoesNotContain("ledger", second.Output, StringComparison.Ordinal);
        Assert.Equal(["2"], place.Query("select count(*) from runs"));

        place.Write("tiny.yaml", SpecTexts.Tiny);
        Outcome third = await Build(place);
        Assert.True(third.ExitCode == 0, $"{third}");
        Assert.Equal(["child|2", "tiny|2"], place.Query("select name, count(*) from runs group by name order by name"));

        place.Write("child.yaml", "extends: tiny.yaml\nname: child\nsedes: [4]\n");
        Outcome fourth = await Build(place);
        Assert.Equal(1, fourth.ExitCode);
        Assert.Contains("child.yaml(3,1): error BH1005: sedes", fourth.Output, StringComparison.Ordinal);
    }

    private static Task<Outcome> Build(Workplace place) =>
        place.Start("dotnet", "build", "Experiments.proj", "--nologo").End();

    private static string Project(string tool) =>
        $"""
            <Project DefaultTargets="Build">
              <PropertyGroup>
                <BreakHisCommand>dotnet &quot;{tool}/dotnet-breakhis.dll&quot;</BreakHisCommand>
              </PropertyGroup>
              <ItemGroup>
                <Experiment Include="*.yaml" />
              </ItemGroup>
              <Import Project="{SharedFolder.RepositoryRoot}/src/BreakHis.MSBuild/BreakHis.targets" />
              <Target Name="Restore" />
              <Target Name="Build" DependsOnTargets="RunExperiments" />
            </Project>
            """;
}
