using System.Collections;
using System.Globalization;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Provenance;

public sealed class MachineProvenanceTests
{
    [Fact]
    public void Every_fact_occurs_once_and_is_not_empty()
    {
        IReadOnlyList<ProvenanceEntry> facts = MachineProvenance.Gather(["run", "x.yaml"]);

        Assert.Equal(
            facts.Select(f => f.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            facts.Select(f => f.Name),
            StringComparer.Ordinal
        );
        Assert.Contains(new ProvenanceEntry("command.line", "run x.yaml"), facts);
        foreach (
            string name in (string[])
                [
                    "machine.os",
                    "machine.kernel",
                    "machine.processor",
                    "machine.architecture",
                    "runtime.identifier",
                    "runtime.version",
                    "runtime.time_zone",
                ]
        )
        {
            Assert.NotEmpty(facts.Single(fact => fact.Name == name).Value);
        }

        Assert.True(
            long.Parse(facts.Single(f => f.Name == "machine.memory_bytes").Value, CultureInfo.InvariantCulture)
                > 1 << 28
        );
        Assert.DoesNotContain(facts, fact => fact.Name.Contains("user", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Facts_about_the_machine_are_those_of_this_process()
    {
        var facts = MachineProvenance
            .Gather([])
            .Where(fact => !fact.Name.StartsWith("environment.", StringComparison.Ordinal))
            .ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);

        Assert.Equal(
            [
                "command.line",
                "machine.architecture",
                "machine.cores",
                "machine.instruction_sets",
                "machine.kernel",
                "machine.memory_bytes",
                "machine.name",
                "machine.os",
                "machine.processor",
                "runtime.architecture",
                "runtime.culture",
                "runtime.identifier",
                "runtime.time_zone",
                "runtime.version",
            ],
            facts.Keys
        );
        Assert.Equal(Environment.MachineName, facts["machine.name"]);
        Assert.Equal(Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), facts["machine.cores"]);
        string culture = CultureInfo.CurrentCulture.Name;
        Assert.Equal(culture.Length == 0 ? "invariant" : culture, facts["runtime.culture"]);
        Assert.EndsWith($"-{facts["runtime.architecture"]}", facts["runtime.identifier"], StringComparison.Ordinal);
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "needs /proc/cpuinfo");
        string[] cpu = File.ReadAllLines("/proc/cpuinfo");
        Assert.Equal(Processor.Model(cpu), facts["machine.processor"]);
        Assert.Equal(string.Join(' ', Processor.InstructionSets(cpu)), facts["machine.instruction_sets"]);
    }

    [Fact]
    public void Variables_of_this_process_are_among_the_facts()
    {
        Environment.SetEnvironmentVariable("BREAKHIS_OF_A_TEST", "1");

        Assert.Contains(new ProvenanceEntry("environment.BREAKHIS_OF_A_TEST", "1"), MachineProvenance.Gather([]));
    }

    [Fact]
    public void Values_that_look_like_secrets_are_withheld()
    {
        string token = "hf_" + "0123456789abcdefghijABCDEFGHIJ";
        Environment.SetEnvironmentVariable("BREAKHIS_URL_OF_A_TEST", $"https://me:{token}@example.org");

        IReadOnlyList<ProvenanceEntry> facts = MachineProvenance.Gather(["run", "x.yaml", $"--set=about={token}"]);

        Assert.Contains(
            new ProvenanceEntry("environment.BREAKHIS_URL_OF_A_TEST", "(withheld: seems to contain an access token)"),
            facts
        );
        Assert.Contains(
            new ProvenanceEntry("command.line", "run x.yaml (withheld: seems to contain an access token)"),
            facts
        );
    }

    [Fact]
    public void Packages_are_listed_in_order_and_hashed_with_their_contents()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["x.deps.json"],
            """
            {
              "libraries": {
                "b/2.0": { "type": "package", "sha512": "two" },
                "Tool/1.0": { "type": "project" },
                "a/1.0": { "type": "package" },
                "B/3.0": { "type": "package", "sha512": "three" }
              }
            }
            """
        );

        // The SHA-256 of "B 3.0 three\na 1.0 \nb 2.0 two\n", computed with sha256sum.
        Assert.Equal(
            [
                new("package.B", "3.0"),
                new("package.a", "1.0"),
                new("package.b", "2.0"),
                new("packages.sha256", "6d642af4338aa7f5e068d0b10944c1dd6520e6f38c3643b940f0185c4ea9fbbb"),
            ],
            SoftwareProvenance.Packages(folder["x.deps.json"])
        );
    }

    [Fact]
    public void Only_variables_that_may_affect_a_result_are_recorded_and_no_secrets()
    {
        var variables = new Hashtable
        {
            ["OMP_NUM_THREADS"] = "2",
            ["ONEDNN_MAX_CPU_ISA"] = "AVX2",
            ["DOTNET_TieredCompilation"] = "0",
            ["DOTNET_DASHBOARD_APIKEY"] = "hidden",
            ["TORCH_TOKEN"] = "hidden",
            ["OMP_Password"] = "hidden",
            ["HOME"] = "/home/someone",
            ["USER"] = "someone",
            ["AWS_SECRET_ACCESS_KEY"] = "hidden",
        };

        Assert.Equal(
            [
                new("environment.DOTNET_TieredCompilation", "0"),
                new("environment.OMP_NUM_THREADS", "2"),
                new("environment.ONEDNN_MAX_CPU_ISA", "AVX2"),
            ],
            MachineProvenance.Variables(variables).OrderBy(entry => entry.Name, StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_processor_is_read_from_the_kernels_description()
    {
        string[] x86 =
        [
            "processor\t: 0",
            "model name\t: AMD EPYC 9B14",
            "flags\t\t: fpu vme sse4_2 fma avx avx2 avx512f avx512_bf16 avx512_vnni amx_tile",
            "",
            "model name\t: another",
        ];
        Assert.Equal("AMD EPYC 9B14", Processor.Model(x86));
        Assert.Equal(
            "amx_tile avx avx2 avx512_bf16 avx512_vnni avx512f fma sse4_2",
            string.Join(' ', Processor.InstructionSets(x86))
        );

        string[] arm = ["Features\t: fp asimd sve bf16 i8mm crc32", "CPU implementer\t: 0x41", "CPU part\t: 0xd40"];
        Assert.Equal("ARM implementer 0x41 part 0xd40", Processor.Model(arm));
        Assert.Equal("asimd bf16 i8mm sve", string.Join(' ', Processor.InstructionSets(arm)));

        Assert.NotEmpty(Processor.Model([]));
        Assert.Empty(Processor.InstructionSets([]));
    }

    [Fact]
    public void Software_is_recorded_by_versions_and_identities()
    {
        IReadOnlyList<ProvenanceEntry> facts = SoftwareProvenance.Gather("1.2.3", [typeof(RunSummary).Assembly]);

        string identity = typeof(RunSummary).Module.ModuleVersionId.ToString();
        Assert.Contains(new ProvenanceEntry("tool.version", "1.2.3"), facts);
        Assert.Contains(new ProvenanceEntry("module.BreakHis", identity), facts);
        Assert.Contains(
            facts,
            fact => fact.Name == "package.LibGit2Sharp" && fact.Value.StartsWith("0.", StringComparison.Ordinal)
        );
        Assert.Matches("^[0-9a-f]{64}$", facts.Single(fact => fact.Name == "packages.sha256").Value);
        Assert.Equal(
            facts.Select(fact => fact.Name).Order(StringComparer.Ordinal),
            facts.Select(fact => fact.Name),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Unknown_packages_are_recorded_as_such() =>
        Assert.StartsWith("unknown", Assert.Single(SoftwareProvenance.Packages(null)).Value, StringComparison.Ordinal);
}
