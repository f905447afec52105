using System.Runtime.InteropServices;
using static System.FormattableString;

namespace BreakHis.Training.Libtorch;

/// <summary>The NVIDIA card that computes, and its driver, as CUDA's driver describes them.</summary>
internal static unsafe partial class GraphicsCard
{
    private const string Driver = "libcuda.so.1";

    private const string Management = "libnvidia-ml.so.1";

    private const int MultiprocessorCount = 16;

    private const int CapabilityMajor = 75;

    private const int CapabilityMinor = 76;

    private const int LongestText = 256;

    /// <summary>
    /// The card's name, compute capability and number of multiprocessors. Of several cards, it is the first that
    /// CUDA_VISIBLE_DEVICES leaves.
    /// </summary>
    public static string Name()
    {
        byte* name = stackalloc byte[LongestText];
        Require(Initialize(0));
        Require(GetDevice(out int device, 0));
        Require(GetName(name, LongestText, device));
        return Invariant(
            $"{Marshal.PtrToStringUTF8((nint)name)}, compute capability {Attribute(CapabilityMajor, device)}.{Attribute(CapabilityMinor, device)}, {Attribute(MultiprocessorCount, device)} multiprocessors"
        );
    }

    /// <summary>The version of the driver, or, where NVIDIA's management library is missing, of its CUDA.</summary>
    public static string DriverVersion()
    {
        byte* version = stackalloc byte[LongestText];
        if (
            NativeLibrary.TryLoad(Management, out _)
            && InitializeManagement() == 0
            && GetDriverVersion(version, LongestText) == 0
        )
        {
            return Marshal.PtrToStringUTF8((nint)version)!;
        }

        Require(GetCudaVersion(out int cuda));
        return Invariant($"of CUDA {cuda / 1000}.{cuda % 1000 / 10}");
    }

    private static int Attribute(int attribute, int device)
    {
        Require(GetAttribute(out int value, attribute, device));
        return value;
    }

    private static void Require(int result)
    {
        if (result != 0)
        {
            throw new TrainingException(
                Invariant($"the GPU's driver does not describe the card: CUDA error {result}; see nvidia-smi")
            );
        }
    }

    [LibraryImport(Driver, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Initialize(uint flags);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetDevice(out int device, int ordinal);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetName(byte* name, int length, int device);

    [LibraryImport(Driver, EntryPoint = "cuDeviceGetAttribute")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetAttribute(out int value, int attribute, int device);

    [LibraryImport(Driver, EntryPoint = "cuDriverGetVersion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetCudaVersion(out int version);

    [LibraryImport(Management, EntryPoint = "nvmlInit_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int InitializeManagement();

    [LibraryImport(Management, EntryPoint = "nvmlSystemGetDriverVersion")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetDriverVersion(byte* version, uint length);
}
