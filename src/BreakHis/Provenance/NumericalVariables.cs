namespace BreakHis.Provenance;

/// <summary>
/// The environment variables that OpenMP, MKL, oneDNN, libtorch, CUDA and the C library read, by the beginnings of their
/// names. Which of them can change a result is decided where they are used.
/// </summary>
internal static class NumericalVariables
{
    /// <summary>Beginnings of names that libraries of a processor read.</summary>
    public static IReadOnlyList<string> Prefixes { get; } =
    [
        "ATEN_",
        "BLIS_",
        "C10_",
        "DISABLE_DNNL_",
        "DNNL_",
        "FBGEMM_",
        "GOMP_",
        "GOTO_",
        "KMP_",
        "MKLDNN_",
        "MKL_",
        "OMP_",
        "ONEDNN_",
        "OPENBLAS_",
        "PYTORCH_",
        "TORCH_",
    ];

    /// <summary>Beginnings of names that only libraries of a GPU read.</summary>
    public static IReadOnlyList<string> GpuPrefixes { get; } =
    ["CUBLAS", "CUDA_", "CUDNN_", "NCCL_", "NVIDIA_", "NVRTC_"];

    /// <summary>Whole names that the C library reads when a program starts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["GLIBC_TUNABLES", "LD_BIND_NOT"];
}
