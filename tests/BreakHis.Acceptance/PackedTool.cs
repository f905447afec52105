using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>
/// The built tool, packed once for all tests that install it.
/// </summary>
public sealed class PackedTool : IAsyncLifetime
{
    /// <summary>The version of the package.</summary>
    public const string Version = "0.1.0-pinned";

    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder of the packages.</summary>
    public string Feed => _folder["feed"];

    public async ValueTask InitializeAsync()
    {
        if (!SpecTexts.SlowTestsRun)
        {
            return;
        }

        using var place = new Workplace();
        Outcome pack = await place
            .Start(
                "dotnet",
                "pack",
                Path.Combine(SharedFolder.RepositoryRoot, "src/BreakHis.Tool"),
                "--no-build",
                "-o",
                Feed,
                "--nologo",
                $"-p:PackageVersion={Version}"
            )
            .End();
        Assert.True(pack.ExitCode == 0, $"{pack}");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Tests of the packed tool.</summary>
[CollectionDefinition]
public sealed class Packing : ICollectionFixture<PackedTool>;
