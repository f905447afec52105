using BreakHis.Audit.Rerun;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Audit.Rerun;

public sealed class BuildFilesAboveTests
{
    [Theory]
    [InlineData("Directory.Build.rsp")]
    [InlineData("NuGet.Config")]
    [InlineData("nuget.config")]
    [InlineData("global.json")]
    [InlineData("dotnet-tools.json")]
    [InlineData(".config/dotnet-tools.json")]
    public void A_file_in_any_parent_folder_is_found(string name)
    {
        using var folder = new TemporaryFolder();
        string tree = folder["private/tree"];
        Directory.CreateDirectory(tree);
        string? before = BuildFilesAbove.Of(tree);
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], "");

        Assert.Equal(folder[name], BuildFilesAbove.Of(tree));
        Assert.NotEqual(folder[name], before);
    }

    [Fact]
    public void Files_in_the_folder_itself_and_other_files_above_it_do_not_count()
    {
        using var folder = new TemporaryFolder();
        string tree = folder["tree"];
        Directory.CreateDirectory(tree);
        string? before = BuildFilesAbove.Of(tree);
        File.WriteAllText(Path.Combine(tree, "nuget.config"), "");
        File.WriteAllText(folder["notes.txt"], "");

        Assert.Equal(before, BuildFilesAbove.Of(tree));
    }
}
