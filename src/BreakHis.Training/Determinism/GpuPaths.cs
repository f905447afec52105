using BreakHis.Processes;
using BreakHis.Training.Libtorch;
using static TorchSharp.torch;

namespace BreakHis.Training.Determinism;

/// <summary>
/// The settings of CUDA's libraries under which a GPU computes the same bits in every process. Without them, cuDNN and
/// cuBLAS choose algorithms that add in any order, and convolutions round their inputs to 10 bits (TF32).
/// </summary>
internal static unsafe class GpuPaths
{
    /// <summary>
    /// Environment variables that they read, and the value of each. They override the user's values; null removes the
    /// variable. cuBLAS needs a workspace of its own for repeatable sums (NVIDIA, cuBLAS, Results Reproducibility).
    /// </summary>
    private static readonly (string Name, string? Value)[] Variables =
    [
        ("CUBLAS_WORKSPACE_CONFIG", ":4096:8"),
        ("NVIDIA_TF32_OVERRIDE", null),
    ];

    /// <summary>Functions of libtorch that TorchSharp does not pass on, and what to call them with.</summary>
    private static readonly (string Function, bool Value)[] Settings =
    [
        ("_ZN2at7Context21setDeterministicCuDNNEb", true),
        ("_ZN2at7Context17setBenchmarkCuDNNEb", false),
        // New tensors need no defined content: nothing reads them before they are written.
        ("_ZN2at7Context39setDeterministicFillUninitializedMemoryEb", false),
    ];

    private const byte Yes = 1;

    private const byte No = 0;

    private const byte WarnOnly = No;

    private const string Context = "_ZN2at13globalContextEv";

    private const string Algorithms = "_ZN2at7Context26setDeterministicAlgorithmsEbb";

    /// <summary>The functions of libtorch without which a GPU is refused.</summary>
    internal static IEnumerable<string> Functions =>
        [Context, Algorithms, .. Settings.Select(setting => setting.Function)];

    /// <summary>Sets the variables for the lifetime of the process. Call it before libtorch is loaded.</summary>
    /// <returns>The user's variables that had other values.</returns>
    public static IReadOnlyList<(string Name, string Value)> FixVariables()
    {
        (string Name, string Value)[] others =
        [
            .. Variables
                .Select(variable => (variable.Name, Value: Environment.GetEnvironmentVariable(variable.Name) ?? ""))
                .Except(Variables.Select(variable => (variable.Name, Value: variable.Value ?? ""))),
        ];
        foreach ((string name, string? value) in Variables)
        {
            NativeEnvironment.Set(name, value);
        }

        return [.. others.Where(variable => variable.Value.Length > 0)];
    }

    /// <summary>The variables that a GPU's paths set, with their values.</summary>
    public static IEnumerable<(string Name, string Value)> Fixed() =>
        Variables.Where(variable => variable.Value is not null).Select(variable => (variable.Name, variable.Value!));

    /// <summary>
    /// Selects repeatable algorithms. An operation that has none fails from now on, on the GPU and on the CPU.
    /// </summary>
    /// <exception cref="TrainingException">This libtorch does not have the settings.</exception>
    public static void Fix()
    {
        if (Functions.FirstOrDefault(function => LibtorchBuild.Function(function) is null) is string missing)
        {
            throw new TrainingException(
                $"this libtorch lacks {missing}, without which a GPU does not compute the same bits again; use --device cpu"
            );
        }

        nint context = ((delegate* unmanaged<nint>)Address(Context))();
        foreach ((string function, bool value) in Settings)
        {
            ((delegate* unmanaged<nint, byte, void>)Address(function))(context, value ? Yes : No);
        }

        ((delegate* unmanaged<nint, byte, byte, void>)Address(Algorithms))(context, Yes, WarnOnly);
        backends.cudnn.allow_tf32 = false;
        backends.cuda.matmul.allow_tf32 = false;
    }

    private static nint Address(string function) => LibtorchBuild.Function(function)!.Value;
}
