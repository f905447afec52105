using System.Reflection;
using System.Runtime.Intrinsics.X86;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Specs;
using SkiaSharp;
using TorchSharp;

namespace BreakHis.Training.Determinism;

/// <summary>Finds the facts of this machine and its software that determine a result.</summary>
internal static class ComputeFacts
{
    /// <summary>
    /// Gathers the facts and loads torch. If bits must be portable, it fixes torch's math paths first, so a process can
    /// run only one kind of determinism.
    /// </summary>
    /// <param name="device">auto, cpu or cuda.</param>
    /// <param name="determinism">
    /// How reproducible the spec's bits must be. Portable bits are computed on the CPU.
    /// </param>
    /// <exception cref="TrainingException">
    /// The device is missing, or the machine does not support portable paths.
    /// </exception>
    public static MachineFacts Gather(string device, DeterminismKind determinism)
    {
        bool portable = determinism == DeterminismKind.Portable;
        if (portable)
        {
            if (device == "cuda")
            {
                throw new TrainingException(
                    "determinism: portable works only on the processor, not on a GPU; remove --device"
                );
            }

            PortablePaths.Fix();
        }

        bool cuda = !portable && device != "cpu" && torch.cuda.is_available();
        if (device == "cuda" && !cuda)
        {
            throw new TrainingException(
                "this build finds no CUDA device; remove --device, or see 'dotnet breakhis doctor'"
            );
        }

        var software = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["breakhis"] = Identity(typeof(Plan)),
            ["breakhis_training"] = Identity(typeof(ComputeFacts)),
            ["instruction_set"] = portable ? PortablePaths.InstructionSet : InstructionSet(),
            ["libtorch"] = torch.__version__,
            ["libtorch_sha256"] = NativeHash("torch_cpu"),
            ["skiasharp"] = VersionOf(typeof(SKBitmap)),
            ["torchsharp"] = VersionOf(typeof(torch)),
            ["torchsharp_native_sha256"] = NativeHash("LibTorchSharp"),
        };
        foreach ((string variable, _) in PortablePaths.Variables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value)
            {
                software["variable_" + variable] = value;
            }
        }

        if (cuda)
        {
            software["cuda_driver"] = Driver();
            software["libtorch_cuda_sha256"] = NativeHash("torch_cuda");
        }

        return new MachineFacts(cuda ? "cuda" : "cpu", software);
    }

    /// <summary>The widest instruction set that the libraries have code for and this processor supports.</summary>
    private static string InstructionSet() =>
        Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported ? "avx512"
        : Avx2.IsSupported && Fma.IsSupported ? "avx2"
        : "default";

    /// <summary>The module version id. Builds are deterministic, so the same source has the same id.</summary>
    private static string Identity(Type type) => type.Module.ModuleVersionId.ToString("N");

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version!.ToString();

    /// <summary>
    /// The line with the driver's version. Bits also differ between graphics cards, but TorchSharp does not report the
    /// card.
    /// </summary>
    private static string Driver()
    {
        const string File = "/proc/driver/nvidia/version";
        return System.IO.File.Exists(File) ? System.IO.File.ReadLines(File).First() : "unknown";
    }

    private static string NativeHash(string library)
    {
        string name =
            OperatingSystem.IsWindows() ? $"{library}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
            : $"lib{library}.so";
        string path = Path.Combine(AppContext.BaseDirectory, name);
        if (!File.Exists(path))
        {
            return "not found";
        }

        return Sha256Hex.OfFile(path);
    }
}
