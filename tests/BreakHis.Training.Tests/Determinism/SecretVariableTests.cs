using BreakHis.Training.Determinism;
using Xunit;

namespace BreakHis.Training.Tests.Determinism;

/// <summary>Variables that are part of the fingerprint cannot be withheld, so a secret in them is refused.</summary>
public sealed class SecretVariableTests
{
    private const string Canary = "c4n4ry" + "Xq93kd";

    [Theory]
    [InlineData("KMP_FOO", "hf" + "_" + Canary + "Xq93kdXq93kdXq93kd")]
    [InlineData("MKL_THING", "password=" + Canary)]
    [InlineData("MKL_PWD", Canary)]
    public void A_secret_is_refused_and_not_repeated(string name, string value)
    {
        TrainingException error = Assert.Throws<TrainingException>(() => ComputeFacts.NotSecret(name, value));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KMP_AFFINITY", "granularity=fine,compact,1,0")]
    [InlineData("MKL_CBWR", "AVX2,STRICT")]
    [InlineData("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2_Usable,-AVX512F")]
    [InlineData("CUBLAS_WORKSPACE_CONFIG", ":4096:8")]
    [InlineData("DOTNET_EnableAVX512", "0")]
    public void Other_values_stay(string name, string value) =>
        Assert.Equal(value, ComputeFacts.NotSecret(name, value));
}
