using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Runs that were not made here are marked, stand in for nobody's own, and execute nothing.</summary>
public sealed class OriginTests
{
    private const string Account = "XDG_CONFIG_HOME";

    [Fact]
    public async Task An_imported_run_does_not_stand_in_for_ones_own()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        await Ends(0, place, "import", ".breakhis", "--home", "other");

        foreach (string command in (string[])["list", "show", "audit"])
        {
            Outcome outcome = await Ends(0, place, command, "--home", "other");
            Assert.Contains("imported", outcome.Output, StringComparison.Ordinal);
        }

        await Ends(0, place, "report", "--home", "other", "--out", "imported.html");
        string report = place.Read("imported.html");
        Assert.Contains(
            "this run was not made in this ledger, but imported from .breakhis",
            report,
            StringComparison.Ordinal
        );
        Outcome again = await Ends(0, place, "run", "tiny.yaml", "--home", "other");
        Assert.Contains("was not made here, so it does not count", again.Error, StringComparison.Ordinal);
        Assert.Equal(["2"], place.Query("select count(*) from runs", "other"));
        Outcome accepted = await Ends(0, place, "run", "tiny.yaml", "--home", "other", "--accept-imported");
        Assert.Contains("already in the ledger", accepted.Error, StringComparison.Ordinal);
    }

    /// <summary>A copy of the home folder, where the run got a note: its plan has another name there.</summary>
    [Fact]
    public async Task An_imported_note_does_not_make_ones_own_run_imported()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        place.Write("other.yaml", SpecTexts.Tiny.Replace("name: tiny", "name: other", StringComparison.Ordinal));
        Outcome copied = await place.Start("cp", "-r", ".breakhis", "copy").End();
        Assert.True(copied.ExitCode == 0, $"{copied}");
        await Ends(0, place, "run", "other.yaml", "--home", "copy");

        Outcome import = await Ends(0, place, "import", "copy");

        Assert.EndsWith("  extended: 1 note (answered)\n", import.Output, StringComparison.Ordinal);
        Outcome list = await Ends(0, place, "list");
        Assert.DoesNotContain("imported", list.Output, StringComparison.Ordinal);
        Outcome show = await Ends(0, place, "show");
        Assert.Contains("made here; notes about it were imported on", show.Output, StringComparison.Ordinal);
        Outcome known = await Ends(0, place, "run", "tiny.yaml");
        Assert.Contains("already in the ledger", known.Error, StringComparison.Ordinal);
        await Ends(0, place, "ledger", "verify", "--report", "reports/tiny.html");
    }

    /// <summary>Where another ledger was at each of several runs is not known here.</summary>
    [Fact]
    public async Task A_report_of_several_runs_is_compared_with_the_ledger_that_imported_them()
    {
        using var place = new Workplace();
        place.Write("tiny.yaml", SpecTexts.Tiny);
        string[] heads = ["run", "tiny.yaml", "--quiet", "--seeds", "1..2", "--set", "stages.fine_tune=null"];
        await Ends(0, place, heads);
        await Ends(0, place, "import", ".breakhis", "--home", "other");

        await Ends(0, place, "ledger", "verify", "--home", "other", "--report", "reports/tiny.html");
        string page = place.Read("reports/tiny.html");
        place.Write("edited.html", page.Replace("50.0", "96.3", StringComparison.Ordinal));
        Assert.NotEqual(page, place.Read("edited.html"));
        Outcome edited = await Ends(1, place, "ledger", "verify", "--home", "other", "--report", "edited.html");
        Assert.Contains("FAIL          report page: edited.html", edited.Output, StringComparison.Ordinal);
    }

    /// <summary>A page that names this version must be what this version writes, byte for byte.</summary>
    [Fact]
    public async Task A_page_of_this_version_with_another_style_or_mark_was_edited()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string page = place.Read("reports/tiny.html");
        string[] edited =
        [
            page.Replace("</style>", "td.n::after{content:\"96.3\"}</style>", StringComparison.Ordinal),
            page.Replace("<h2", "<h2 title=\"x\"", StringComparison.Ordinal)
                .Replace("</style>", " </style>", StringComparison.Ordinal),
            "\ufeff" + page,
            page.Replace("\n", "\r\n", StringComparison.Ordinal),
        ];
        foreach (string text in edited)
        {
            place.Write("edited.html", text);
            Outcome verify = await Ends(1, place, "ledger", "verify", "--report", "edited.html");
            Assert.Contains("FAIL          report page: edited.html", verify.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("another version", verify.Output, StringComparison.Ordinal);
        }

        place.Write("older.html", page.Replace("harness ", "harness 0.0.9-", StringComparison.Ordinal));
        Outcome older = await Ends(0, place, "ledger", "verify", "--report", "older.html");
        Assert.Contains(
            "inconclusive  report page: older.html: the page says that BreakHis harness 0.0.9-",
            older.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_ledger_of_another_account_counts_as_ones_own_only_after_adopting_it()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        string id = place.Query("select value from notes where run_id = 'ledger' and name = 'id'")[0];
        place.Environment[Account] = place.At("account");

        Assert.Contains("elsewhere", (await Ends(0, place, "list")).Output, StringComparison.Ordinal);
        Outcome meaning = await Ends(1, place, "ledger", "adopt");
        Assert.Contains("'audit --rerun' builds and runs the code", meaning.Output, StringComparison.Ordinal);
        await Ends(2, place, "ledger", "adopt", new string('0', 32));
        Assert.Contains("elsewhere", (await Ends(0, place, "list")).Output, StringComparison.Ordinal);
        await Ends(0, place, "ledger", "adopt", id);

        Assert.DoesNotContain("elsewhere", (await Ends(0, place, "list")).Output, StringComparison.Ordinal);
        Outcome known = await Ends(0, place, "run", "tiny.yaml");
        Assert.Contains("already in the ledger", known.Error, StringComparison.Ordinal);
    }

    /// <summary>The list of ledgers is a folder, and an ID must not lead out of it.</summary>
    [Fact]
    public async Task An_ID_that_is_a_path_does_not_make_a_ledger_ones_own()
    {
        using var place = new Workplace();
        await PreparedPlace.WithRun(place, "tiny.yaml", SpecTexts.Tiny);
        Assert.Equal(1, place.Edit("UPDATE notes SET value = '/etc/passwd' WHERE name = 'id'"));

        Assert.Contains("elsewhere", (await Ends(0, place, "list")).Output, StringComparison.Ordinal);
    }

    /// <summary>A project file can execute anything when it is built.</summary>
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Recorded_code_is_executed_only_with_consent()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        string executed = place.At("executed");
        place.Write("work/Directory.Build.props", "<Project />");
        await RunOf(place, committed: Project(executed), changed: Project(executed));

        place.Environment[Account] = place.At("account");
        Outcome nowhere = await InWork(place, "audit --rerun --level artifacts --record");
        Assert.Equal(2, nowhere.ExitCode);
        Assert.Contains("--record-in DIR names a home folder of yours", nowhere.Error, StringComparison.Ordinal);
        Outcome without = await InWork(place, "audit --rerun --level artifacts --record-in ../mine");
        Assert.Contains("was not built, because the run was not made here", without.Output, StringComparison.Ordinal);
        Assert.Contains("reproduced bit for bit", without.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(executed));
        Assert.Empty(place.Query("select * from records where kind = 'reran'", "work/.breakhis"));
        Assert.Contains(
            "another process: no outcome is recorded",
            (await InWork(place, "show")).Output,
            StringComparison.Ordinal
        );
        place.Environment["BREAKHIS_HOME"] = place.At("mine");
        Outcome show = await InWork(place, "show --home .breakhis");
        Assert.Contains("another process: same bits: rerun of ", show.Output, StringComparison.Ordinal);
        place.Environment.Remove("BREAKHIS_HOME");

        place.Environment["DOTNET_TOKEN"] = "abc";
        Outcome with = await InWork(place, "audit --rerun --level artifacts --trust-code");
        Assert.Contains("executing recorded code: dotnet build", with.Error, StringComparison.Ordinal);
        // What it executes reaches nothing outside.
        Assert.True(File.Exists(executed) != AuditedToolTests.HasSandbox, $"{with}");
        Assert.Contains(
            AuditedToolTests.HasSandbox ? "in a sandbox" : "without a sandbox",
            with.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(!AuditedToolTests.HasSandbox, with.Output.Contains("MSB3073", StringComparison.Ordinal));
        // Then this tool reruns it, in a new folder: the built code has left a link in the place of the rerun's report.
        Assert.Contains("reproduced bit for bit", with.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "slow")]
    public async Task A_patch_of_project_files_needs_consent_in_ones_own_ledger_too()
    {
        SpecTexts.SkipUnlessSlowTestsRun();
        using var place = new Workplace();
        string executed = place.At("executed");
        await RunOf(place, committed: "<Project />", changed: Project(executed));

        Outcome audit = await InWork(place, "audit --rerun --level artifacts");

        Assert.Contains(
            "its patch changes what a build executes (src/BreakHis.Tool/BreakHis.Tool.csproj)",
            audit.Output,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(executed));
    }

    /// <summary>A run in a repository like that of the tool, as if another version of the tool had made it.</summary>
    /// <param name="committed">The tool's project file in the commit.</param>
    /// <param name="changed">The project file in the working tree.</param>
    private static async Task RunOf(Workplace place, string committed, string changed)
    {
        const string File = "work/src/BreakHis.Tool/BreakHis.Tool.csproj";
        place.Write("work/tiny.yaml", SpecTexts.Tiny);
        place.Write(File, committed);
        await AuditTests.Git(place, "cd work && git init -q . && git add . && git commit -qm first");
        place.Write(File, changed);
        Outcome run = await InWork(place, "run tiny.yaml --quiet");
        Assert.True(run.ExitCode == 0, $"{run}");
        Assert.Equal(
            1,
            place.Edit("UPDATE provenance SET value = 'another' WHERE name = 'module.BreakHis'", "work/.breakhis")
        );
    }

    private static string Project(string executed) =>
        $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <Target Name="Attack" BeforeTargets="Restore;Build"><Touch Files="{executed}" AlwaysCreate="true" /></Target>
              <Target Name="Outside" AfterTargets="Build">
                <Exec Command="ln -s nowhere/report ../../../report.html" />
                <Exec Command="[ ! -w /proc/sys/kernel/core_pattern ] &amp;&amp; [ -z &quot;$DOTNET_TOKEN&quot; ] &amp;&amp; grep -q &apos;CapEff:.0*$&apos; /proc/self/status" />
              </Target>
            </Project>
            """;

    private static Task<Outcome> InWork(Workplace place, string command) =>
        place.Start("bash", "-c", $"cd work && dotnet '{place.Tool}/dotnet-breakhis.dll' {command}").End();

    private static async Task<Outcome> Ends(int exitCode, Workplace place, params string[] command)
    {
        Outcome outcome = await place.Breakhis(command);
        Assert.True(outcome.ExitCode == exitCode, $"{string.Join(' ', command)}: {outcome}");
        return outcome;
    }
}
