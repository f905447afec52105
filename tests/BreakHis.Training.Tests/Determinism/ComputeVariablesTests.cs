using System.Collections;
using BreakHis.Training.Determinism;
using BreakHis.Training.Libtorch;
using Xunit;

namespace BreakHis.Training.Tests.Determinism;

/// <summary>Which environment variables count as a part of what computes.</summary>
public sealed class ComputeVariablesTests
{
    [Theory]
    [InlineData("ATEN_CPU_CAPABILITY", "avx2")]
    [InlineData("DNNL_DEFAULT_FPMATH_MODE", "BF16")]
    [InlineData("DOTNET_EnableAVX512", "0")]
    [InlineData("dotnet_enableavx2", "0")]
    [InlineData("COMPlus_EnableHWIntrinsic", "0")]
    [InlineData("COMPlus_MaxVectorTBitWidth", "128")]
    [InlineData("DOTNET_PreferredVectorBitWidth", "128")]
    [InlineData("FBGEMM_ENABLE_INSTRUCTIONS", "AVX2")]
    [InlineData("MKLDNN_MAX_CPU_ISA", "SSE41")]
    [InlineData("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2")]
    [InlineData("KMP_DETERMINISTIC_REDUCTION", "1")]
    [InlineData("MKL_CBWR", "AVX2")]
    [InlineData("MKL_A_SETTING_OF_TOMORROW", "1")]
    [InlineData("OMP_SCHEDULE", "dynamic")]
    [InlineData("ONEDNN_MAX_CPU_ISA", "AVX2")]
    [InlineData("TORCH_MKLDNN_MATMUL_MIN_DIM", "1")]
    public void A_variable_of_a_library_that_computes_is_relevant(string name, string value)
    {
        Assert.Equal([(name, value)], ComputeVariables.Relevant(Environment(name, value), isGpu: false));
        Assert.Empty(ComputeVariables.Relevant(Environment(name, ""), isGpu: false));
    }

    [Theory]
    [InlineData("DOTNET_gcServer", "1")]
    [InlineData("DOTNET_EnableDiagnostics", "0")]
    [InlineData("HOME", "/root")]
    [InlineData("KMP_BLOCKTIME", "0")]
    [InlineData("NCCL_VERSION", "2.28.3-1")]
    [InlineData("NVIDIA_REQUIRE_CUDA", "cuda>=13.0")]
    [InlineData("OMP_WAIT_POLICY", "passive")]
    [InlineData("ONEDNN_VERBOSE", "1")]
    [InlineData("TORCH_HOME", "/cache")]
    public void Other_variables_are_not(string name, string value) =>
        Assert.Empty(ComputeVariables.Relevant(Environment(name, value), isGpu: true));

    [Theory]
    [InlineData("CUBLAS_WORKSPACE_CONFIG", ":4096:8")]
    [InlineData("CUDA_LAUNCH_BLOCKING", "1")]
    [InlineData("NVIDIA_TF32_OVERRIDE", "1")]
    public void Variables_of_a_GPU_are_relevant_only_if_it_computes(string name, string value)
    {
        Assert.Empty(ComputeVariables.Relevant(Environment(name, value), isGpu: false));
        Assert.Equal([(name, value)], ComputeVariables.Relevant(Environment(name, value), isGpu: true));
    }

    [Fact]
    public void OpenMP_delivers_the_threads_that_are_asked_for()
    {
        TorchSharp.torch.set_num_threads(2);

        Assert.Equal(new int?[] { 1, 2, 3, 8 }, ((int[])[1, 2, 3, 8]).Select(threads => OpenMpTeam.Delivered(threads)));
    }

    private static Hashtable Environment(string name, string value) =>
        new(StringComparer.Ordinal) { ["PATH"] = "/bin", [name] = value };
}
