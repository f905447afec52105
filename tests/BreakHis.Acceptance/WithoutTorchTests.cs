using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Only run, doctor and weights add load torch; all other commands work without its libraries.</summary>
public sealed class WithoutTorchTests
{
    [Fact]
    public async Task Commands_that_compute_nothing_do_not_load_torch()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        using var bare = new TemporaryFolder();
        place.Tool = bare.Path;
        foreach (string file in Directory.GetFiles(Workplace.BuiltTool).Where(file => !IsOfTorch(file)))
        {
            File.Copy(file, bare[Path.GetFileName(file)]);
        }

        Outcome[] outcomes = await Task.WhenAll(
            (
                (string[])
                    [
                        "list",
                        "show",
                        "report --out page.html",
                        "audit --level record",
                        "audit --level artifacts",
                        "ledger verify",
                        "validate tiny.yaml",
                        "schema",
                    ]
            ).Select(command => place.Breakhis(command.Split(' ')))
        );

        Assert.All(outcomes, outcome => Assert.True(outcome.ExitCode == 0, $"{outcome}"));
        Outcome run = await place.Breakhis("run", "tiny.yaml", "--fresh");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("cannot load its libraries", run.Error, StringComparison.Ordinal);
    }

    private static bool IsOfTorch(string file) =>
        Path.GetFileName(file) is var name
        && (
            name.StartsWith("libtorch", StringComparison.Ordinal)
            || name.StartsWith("libLibTorch", StringComparison.Ordinal)
            || name.StartsWith("libc10", StringComparison.Ordinal)
            || name.StartsWith("libgomp", StringComparison.Ordinal)
        );
}
