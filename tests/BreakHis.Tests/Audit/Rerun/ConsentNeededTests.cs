using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Testing;
using BreakHis.Tests.Reports;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

/// <summary>A build executes more than project files.</summary>
public sealed class ConsentNeededTests
{
    private const string InlineTask = "AssemblyFile=\"$(MSBuildToolsPath)/Microsoft.Build.Tasks.Core.dll\"";

    [Theory]
    [InlineData("src/A.cs", "<Project />", false)]
    [InlineData("src/Project.props", "<Project />", true)]
    [InlineData("build/Task.cs", $"<UsingTask {InlineTask}><Code Source=\"Task.cs\" /></UsingTask>", true)]
    [InlineData("src/A.cs", $"<UsingTask {InlineTask}><Code Source=\"Task.cs\" /></UsingTask>", false)]
    [InlineData("src/A.cs", "<UsingTask AssemblyFile=\"$(OutDir)/Tasks.dll\" />", true)]
    [InlineData("gen/A.cs", "<ProjectReference Include=\"gen.csproj\" OutputItemType=\"Analyzer\" />", true)]
    [InlineData("gen/A.cs", "<Analyzer Include=\"$(OutDir)gen.dll\" />", true)]
    [InlineData("gen/A.cs", "<Exec Command=\"dotnet run --project gen\" />", true)]
    [InlineData("gen/A.cs", "<Exec\n  Command=\"$(BreakHisCommand) run x.yaml\" />", false)]
    [InlineData("gen/A.cs", "<UsingTask TaskName=\"T\" AssemblyName=\"Tasks\" />", true)]
    [InlineData("gen/A.cs", "<PropertyGroup><AssemblyName>A</AssemblyName></PropertyGroup>", false)]
    [InlineData("build/common.inc", "<Import Project=\"build/common.inc\" />", true)]
    [InlineData("build/common.inc", "<None Include=\"build/common.inc\" />", false)]
    [InlineData("steps/make.lua", "<Exec Command=\"lua steps/make.lua\" />", true)]
    [InlineData("steps/make.lua", "<Exec Command=\"lua a > b; lua steps/make.lua\" />", true)]
    [InlineData("steps/make.pl", "<Project />", true)]
    [InlineData("README.md", "<ProjectReference Include=\"gen.csproj\" OutputItemType=\"Analyzer\" />", false)]
    public void A_patch_needs_consent_if_a_build_executes_a_file_that_it_changes(
        string changed,
        string project,
        bool expected
    )
    {
        using var tree = new TemporaryFolder();
        Directory.CreateDirectory(tree["build"]);
        File.WriteAllText(tree["build/x.targets"], project);
        RunSummary run = new SyntheticRunTraits().Run().Summary with { IsMadeHere = true };

        Assert.Equal(expected, ConsentNeeded.Reason(run, [changed], tree.Path) is not null);
    }
}
