using BreakHis.Testing;
using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Reports depend only on the ledger.</summary>
public sealed class ReportTests
{
    [Fact]
    public async Task A_report_has_the_same_bytes_in_every_culture_and_time_zone_and_without_the_run_folder()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        byte[] first = File.ReadAllBytes(place.At("reports/tiny.html"));
        Assert.DoesNotContain((byte)'\r', first);
        Directory.Delete(place.At(".breakhis/runs"), recursive: true);
        Directory.Delete(place.At(".breakhis/cache"), recursive: true);
        File.Delete(place.At("tiny.yaml"));

        foreach (string culture in (string[])["", "en_US.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_SA.UTF-8"])
        {
            foreach (string zone in (string[])["UTC", "Asia/Kathmandu"])
            {
                place.Environment["LANG"] = culture;
                place.Environment["LC_ALL"] = culture;
                place.Environment["TZ"] = zone;
                Outcome report = await place.Breakhis("report", "--out", "again.html");
                Assert.True(report.ExitCode == 0, $"{report}");
                Assert.Equal(first, File.ReadAllBytes(place.At("again.html")));
            }
        }
    }

    [Fact]
    public async Task A_report_of_other_runs_is_replaced_only_if_it_is_named()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        await place.Breakhis("run", "tiny.yaml", "--quiet", "--seeds", "1,2", "--set", "stages.fine_tune=null");
        string page = place.Read("reports/tiny.html");

        Outcome one = await place.Breakhis("report", "@1");
        Outcome all = await place.Breakhis("report", "@2", "@1");
        Outcome named = await place.Breakhis("report", "@1", "--out", "reports/tiny.html");

        Assert.Equal((2, 0, 0), (one.ExitCode, all.ExitCode, named.ExitCode));
        Assert.EndsWith(
            "reports/tiny.html shows other runs; name the file to write with --out\n",
            one.Error,
            StringComparison.Ordinal
        );
        Assert.NotEqual(page, place.Read("reports/tiny.html"));
    }

    [Fact]
    public async Task Commands_that_only_read_the_ledger_work_without_torch()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Tool = WithoutTorch(place);

        foreach (
            string[] command in (string[][])
                [
                    ["list"],
                    ["show"],
                    ["show", "--json"],
                    ["report"],
                    ["audit"],
                    ["ledger", "verify"],
                    ["ledger", "rebuild"],
                    ["--home", "other", "import", ".breakhis"],
                    ["validate", "tiny.yaml"],
                    ["schema"],
                    ["--help"],
                    ["--version"],
                    ["weights", "list"],
                    ["weights", "verify", "inception_v3"],
                    ["weights", "fetch", "resnet18_mlnet"],
                    ["data", "synthesize", "tiny.yaml", "--out", "tissue"],
                ]
        )
        {
            Outcome outcome = await place.Breakhis(command);
            Assert.True(outcome.ExitCode == 0, $"{string.Join(' ', command)}: {outcome}");
            Assert.NotEmpty(outcome.Output);
        }

        Outcome show = await place.Breakhis("show");
        Assert.Contains("preprocessing: RGB, (x - 127.5) * 0.00784314", show.Output, StringComparison.Ordinal);
        Outcome doctor = await place.Breakhis("doctor");
        Assert.True(doctor.ExitCode == 1, $"{doctor}");
        Assert.Contains("WRONG  torch", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_matches_the_committed_file()
    {
        using var place = new Workplace();

        Outcome schema = await place.Breakhis("schema");

        Assert.Equal(File.ReadAllText(SharedFolder.InRepository("docs/experiment.schema.json")), schema.Output);
    }

    private static string WithoutTorch(Workplace place)
    {
        string folder = place.At("tool");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(place.Tool))
        {
            string name = Path.GetFileName(file);
            bool torch =
                name.Contains("torch", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("libc10", StringComparison.Ordinal);
            if (!torch)
            {
                File.Copy(file, Path.Combine(folder, name));
            }
        }

        return folder;
    }
}
