using System.Collections;
using BreakHis.Processes;
using BreakHis.Provenance;

namespace BreakHis.Training.Determinism;

/// <summary>
/// The environment variables that OpenMP, MKL, oneDNN, libtorch, CUDA, the C library and .NET read. Those that change
/// the number of threads are removed, because the plan has it. Those that cannot change a result are ignored. All
/// others are part of the fingerprint, known or not.
/// </summary>
internal static class ComputeVariables
{
    /// <summary>
    /// Variables that limit or change the number of threads. OMP_THREAD_LIMIT=1 is the worst of them: oneDNN then splits
    /// its work among threads that OpenMP does not deliver, so half of a gradient is missing (PyTorch issue 2201).
    /// </summary>
    private static readonly string[] ThreadCounts =
    [
        "GOMP_NUM_THREADS",
        "KMP_ALL_THREADS",
        "KMP_DEVICE_THREAD_LIMIT",
        "KMP_DYNAMIC_MODE",
        "KMP_TEAMS_THREAD_LIMIT",
        "MKL_DOMAIN_NUM_THREADS",
        "MKL_DYNAMIC",
        "MKL_NUM_THREADS",
        "OMP_DYNAMIC",
        "OMP_MAX_ACTIVE_LEVELS",
        "OMP_NESTED",
        "OMP_NUM_THREADS",
        "OMP_TEAMS_THREAD_LIMIT",
        "OMP_THREAD_LIMIT",
    ];

    private static readonly string[] Prefixes = [.. NumericalVariables.Prefixes, "COMPlus_Enable", "DOTNET_Enable"];

    private static readonly string[] Names =
    [
        .. NumericalVariables.Names,
        "COMPlus_MaxVectorTBitWidth",
        "COMPlus_PreferredVectorBitWidth",
        "DOTNET_MaxVectorTBitWidth",
        "DOTNET_PreferredVectorBitWidth",
    ];

    /// <summary>Where threads run, how they wait, what is printed, and where packages and caches are.</summary>
    private static readonly string[] Harmless =
    [
        "CUDA_HOME",
        "CUDA_PATH",
        "CUDA_VERSION",
        "DNNL_JIT_DUMP",
        "DNNL_JIT_PROFILE",
        "DNNL_VERBOSE",
        "DOTNET_EnableDiagnostics",
        "DOTNET_EnableEventPipe",
        "DOTNET_EnableWriteXorExecute",
        "GOMP_CPU_AFFINITY",
        "GOMP_DEBUG",
        "GOMP_SPINCOUNT",
        "GOMP_STACKSIZE",
        "KMP_AFFINITY",
        "KMP_BLOCKTIME",
        "KMP_SETTINGS",
        "KMP_STACKSIZE",
        "KMP_VERSION",
        "KMP_WARNINGS",
        "MKL_VERBOSE",
        "NCCL_VERSION",
        "NVIDIA_DRIVER_CAPABILITIES",
        "NVIDIA_PRODUCT_NAME",
        "NVIDIA_REQUIRE_CUDA",
        "NVIDIA_VISIBLE_DEVICES",
        "OMP_AFFINITY_FORMAT",
        "OMP_CANCELLATION",
        "OMP_DISPLAY_AFFINITY",
        "OMP_DISPLAY_ENV",
        "OMP_PLACES",
        "OMP_PROC_BIND",
        "OMP_STACKSIZE",
        "OMP_WAIT_POLICY",
        "ONEDNN_JIT_DUMP",
        "ONEDNN_JIT_PROFILE",
        "ONEDNN_VERBOSE",
        "PYTORCH_VERSION",
        "TORCH_CPP_LOG_LEVEL",
        "TORCH_CUDA_ARCH_LIST",
        "TORCH_HOME",
        "TORCH_SHOW_CPP_STACKTRACES",
    ];

    /// <summary>
    /// Removes the variables that change the number of threads or, for portable bits, the math paths. Call it before
    /// libtorch is loaded.
    /// </summary>
    /// <returns>The removed variables with their values, in ordinal order.</returns>
    public static IReadOnlyList<(string Name, string Value)> Remove(bool isPortable)
    {
        (string Name, string Value)[] removed =
        [
            .. Relevant(Environment.GetEnvironmentVariables(), isGpu: false)
                .Where(variable => IsThreadCount(variable.Name) || (isPortable && !IsReadAtStart(variable.Name))),
        ];
        foreach ((string name, _) in removed)
        {
            NativeEnvironment.Set(name, null);
        }

        return removed;
    }

    /// <summary>Returns the variables that may change a result, in ordinal order.</summary>
    /// <param name="isGpu">Whether a GPU computes: only then do the variables of its libraries count.</param>
    public static IEnumerable<(string Name, string Value)> Relevant(IDictionary variables, bool isGpu) =>
        All(variables)
            .Where(variable => variable.Value.Length > 0)
            .Where(variable =>
                Names.Contains(variable.Name, StringComparer.OrdinalIgnoreCase)
                || Begins(variable.Name, Prefixes)
                || (isGpu && Begins(variable.Name, NumericalVariables.GpuPrefixes))
            )
            .Where(variable => !Harmless.Contains(variable.Name, StringComparer.OrdinalIgnoreCase));

    private static IEnumerable<(string Name, string Value)> All(IDictionary variables) =>
        variables
            .Cast<DictionaryEntry>()
            .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value ?? ""))
            .OrderBy(variable => variable.Name, StringComparer.Ordinal);

    private static bool IsThreadCount(string name) => ThreadCounts.Contains(name, StringComparer.Ordinal);

    /// <summary>The C library and .NET have read these before the tool starts, so removing them has no effect.</summary>
    private static bool IsReadAtStart(string name) =>
        Names.Contains(name, StringComparer.OrdinalIgnoreCase) || Begins(name, ["COMPlus_", "DOTNET_"]);

    // .NET reads DOTNET_ and COMPlus_ names in any case.
    private static bool Begins(string name, IEnumerable<string> prefixes) =>
        prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
