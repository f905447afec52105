using System.Collections;
using BreakHis.Provenance;
using Xunit;

namespace BreakHis.Tests.Provenance;

/// <summary>What passes the edge between the facts of a run and its record.</summary>
public sealed class RecordableEntryTests
{
    private const string Canary = "c4n4ry" + "Xq93kd";
    private const string Token = "hf" + "_" + Canary + "Xq93kdXq93kdXq93kd";

    [Theory]
    [InlineData("git.branch", "fix-" + Token)]
    [InlineData("git.remote", "https://example.org/" + Token + "/x.git")]
    [InlineData("git.folder", "a/" + Token)]
    [InlineData("data.folder", "/data/" + Token)]
    [InlineData("removed.OMP_NUM_THREADS", Token)]
    [InlineData("removed.MKL_PWD", Canary)]
    [InlineData("compute.variable_KMP_FOO", Token)]
    [InlineData("environment.BREAKHIS_PWD", Canary)]
    [InlineData("environment.BREAKHIS_PAT", Canary)]
    [InlineData("machine.name", Token)]
    public void A_value_that_seems_secret_is_replaced(string name, string value)
    {
        ProvenanceEntry entry = RecordableEntry.Of(new(name, value));

        Assert.Equal(name, entry.Name);
        Assert.DoesNotContain(Canary, entry.Value, StringComparison.Ordinal);
        Assert.StartsWith("(withheld", entry.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git.branch", "feature/token-3")]
    [InlineData("git.commit", "0123456789abcdef0123456789abcdef01234567")]
    [InlineData("git.remote", "git@example.org:a/b.git")]
    [InlineData("data.folder", "/data/breakhis-v1")]
    [InlineData("module.breakhis", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("environment.CUDA_VISIBLE_DEVICES", "GPU-3f2a91b7-2c1d-4e5f-8a9b-0c1d2e3f4a5b")]
    [InlineData("environment.SLURM_JOB_ID", "123456789012")]
    [InlineData("environment.OMP_PLACES", "{0:4}:4:4")]
    [InlineData("environment.LD_LIBRARY_PATH", "/opt/cuda12/lib64:/usr/lib")]
    [InlineData("removed.OMP_THREAD_LIMIT", "1")]
    public void Other_values_stay(string name, string value) =>
        Assert.Equal(new(name, value), RecordableEntry.Of(new(name, value)));

    [Fact]
    public void Variables_with_passwords_in_any_form_are_withheld()
    {
        var variables = new Hashtable
        {
            ["BREAKHIS_X"] = $"Server=db;User ID=sa;Password={Canary};",
            ["BREAKHIS_URL"] = "https://me" + $":{Canary}%40@h/x",
            ["DOTNET_x"] = $"--password {Canary}",
            ["SLURM_JOB_COMMENT"] = "wandb " + $"login {Canary}Xq93kdXq93kd",
            ["BREAKHIS_SIG"] = $"https://a.example.org/x?sig={Canary}%3D",
        };

        Assert.All(
            MachineProvenance.Variables(variables),
            entry => Assert.DoesNotContain(Canary, entry.Value, StringComparison.Ordinal)
        );
        Assert.Equal(5, MachineProvenance.Variables(variables).Count());
    }

    [Theory]
    [InlineData("--set", "x-password=" + Canary)]
    [InlineData("--set=about=" + Token, "a")]
    [InlineData("--password", Canary)]
    [InlineData("--home", "/data/" + Token)]
    public void Arguments_are_withheld_alone_or_with_the_option_before_them(string first, string second)
    {
        string line = string.Join(' ', MachineProvenance.Shown(["run", "x.yaml", first, second, "--quiet"]));

        Assert.DoesNotContain(Canary, line, StringComparison.Ordinal);
        Assert.StartsWith("run x.yaml ", line, StringComparison.Ordinal);
        Assert.EndsWith(" --quiet", line, StringComparison.Ordinal);
    }
}
