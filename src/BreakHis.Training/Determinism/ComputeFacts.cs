using System.Reflection;
using BreakHis.Data.Pictures.Tiff;
using BreakHis.Files;
using BreakHis.Plans;
using BreakHis.Provenance;
using BreakHis.SecretSearch;
using BreakHis.Specs;
using BreakHis.Training.Libtorch;
using SkiaSharp;
using TorchSharp;

namespace BreakHis.Training.Determinism;

/// <summary>Finds the facts of this machine and its software that determine a result.</summary>
internal static class ComputeFacts
{
    /// <summary>
    /// Gathers the facts and loads torch. Before that, it removes variables that change the number of threads. If bits
    /// must be portable, it fixes torch's math paths, so a process can run only one kind of determinism.
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
        List<(string Name, string Value)> removed = [.. ComputeVariables.Remove(portable)];
        if (portable)
        {
            if (device == DeviceNames.Cuda)
            {
                throw new TrainingException(
                    "determinism: portable works only on the CPU, not on a GPU; remove --device"
                );
            }

            PortablePaths.Fix();
        }

        bool mayUseGpu = !portable && device != DeviceNames.Cpu && InstalledPyTorch.HasCuda();
        removed.AddRange(mayUseGpu ? GpuPaths.FixVariables() : []);
        MemoryAllocator.KeepFreed();
        InstalledPyTorch.Load(onlyOwn: portable);
        bool cuda = !portable && FindsGpu(device);

        // Loads the libraries, which are then hashed from where they were loaded.
        _ = torch.get_num_threads();
        _ = SkiaSharpVersion.Native;
        LibtorchMessages.Quieten();
        IReadOnlyList<string> blas = BlasLibraries.Loaded();
        if (portable)
        {
            RequireOwnLibraries(blas);
        }

        SortedDictionary<string, string> software = Libraries();
        foreach ((string variable, string value) in Variables(portable, cuda))
        {
            software[SoftwareNames.VariablePrefix + variable] = NotSecret(variable, value);
        }

        if (!portable)
        {
            software[SoftwareNames.Processor] =
                $"{Processor.Model()} ({string.Join(' ', Processor.InstructionSets())})";
        }

        if (blas.Count > 0)
        {
            software[SoftwareNames.BlasSha256] = string.Join(' ', blas.Select(HashOf));
        }

        if (cuda)
        {
            AddGpu(software);
        }

        return new MachineFacts(cuda ? DeviceNames.Cuda : DeviceNames.Cpu, software)
        {
            RemovedVariables = [.. removed.Select(Shown)],
        };
    }

    private static void RequireOwnLibraries(IReadOnlyList<string> blas)
    {
        LoadedModule.RequireShipped(LoadedModule.All(ProgramFiles.Computing), blas);
        if (OpenMpTeam.IsPreloaded)
        {
            throw new TrainingException(
                "determinism: portable computes with the libraries that come with the tool, but an OpenMP library was loaded before them; unset LD_PRELOAD, or use determinism: native"
            );
        }
    }

    /// <summary>Loads torch and finds out whether a GPU computes; if so, makes its bits repeatable.</summary>
    private static bool FindsGpu(string device)
    {
        if (device != DeviceNames.Cpu && torch.cuda.is_available())
        {
            GpuPaths.Fix();
            return true;
        }

        return device == DeviceNames.Cuda
            ? throw new TrainingException("no CUDA device was found; remove --device, or see 'dotnet breakhis doctor'")
            : false;
    }

    private static void AddGpu(SortedDictionary<string, string> software)
    {
        software[SoftwareNames.Cuda] = LibtorchBuild.Cuda();
        software[SoftwareNames.CudaDriver] = GraphicsCard.DriverVersion();
        software[SoftwareNames.CuDnn] = LibtorchBuild.CuDnn();
        software[SoftwareNames.Gpu] = GraphicsCard.Name();
        software[SoftwareNames.LibtorchCudaSha256] = NativeHash("torch_cuda");
        foreach ((string name, string sha256) in CudaLibraries.Hashes())
        {
            software[SoftwareNames.CudaLibraryPrefix + name] = sha256;
        }
    }

    /// <summary>The loaded libraries that compute, by version and by the hash of their files.</summary>
    private static SortedDictionary<string, string> Libraries() =>
        new(StringComparer.Ordinal)
        {
            [SoftwareNames.Library] = Identity(typeof(Plan)),
            [SoftwareNames.Training] = Identity(typeof(ComputeFacts)),
            [SoftwareNames.InstructionSet] = LibtorchBuild.InstructionSet(),
            // In the form of TorchSharp's own constant, which is the version for which it was compiled.
            [SoftwareNames.Libtorch] = LibtorchBuild.Version() + ".0",
            [SoftwareNames.LibtorchSha256] = NativeHash("torch_cpu"),
            [SoftwareNames.Libc10Sha256] = NativeHash("c10"),
            // A preloaded OpenMP library comes before the one beside the tool, which is loaded too.
            [SoftwareNames.OpenMpSha256] = string.Join(
                ' ',
                LoadedModule.All(ProgramFiles.OpenMp).Select(HashOf).Order(StringComparer.Ordinal)
            ),
            [SoftwareNames.SkiaSharp] = VersionOf(typeof(SKBitmap)),
            [SoftwareNames.SkiaSharpNativeSha256] = NativeHash("SkiaSharp"),
            [SoftwareNames.TorchSharp] = VersionOf(typeof(torch)),
            [SoftwareNames.TorchSharpNativeSha256] = NativeHash("LibTorchSharp"),
        };

    /// <summary>
    /// Adds the decoder of TIFF, which determines the results of runs with TIFF images. Loads libvips.
    /// </summary>
    /// <exception cref="TrainingException">libvips cannot be loaded.</exception>
    public static MachineFacts WithTiff(MachineFacts machine)
    {
        if (Libvips.Fault is string fault)
        {
            throw new TrainingException($"libvips, which decodes TIFF images, cannot be loaded: {fault}");
        }

        return machine with
        {
            Software = new SortedDictionary<string, string>(
                machine.Software.ToDictionary(StringComparer.Ordinal),
                StringComparer.Ordinal
            )
            {
                [SoftwareNames.LibvipsSha256] = NativeHash("vips"),
                [SoftwareNames.NetVips] = Libvips.BindingVersion,
            },
            RemovedVariables = [.. machine.RemovedVariables, .. Libvips.Removed.Select(Shown)],
        };
    }

    /// <summary>Verifies that OpenMP delivers the threads of a plan.</summary>
    /// <exception cref="TrainingException">It delivers fewer.</exception>
    public static void RequireThreads(int threads)
    {
        torch.set_num_threads(threads);
        if (OpenMpTeam.Delivered(threads) is int delivered && delivered != threads)
        {
            throw new TrainingException(
                $"OpenMP delivers {delivered} of {threads} threads, so results would be wrong; "
                    + "unset OMP_THREAD_LIMIT and LD_PRELOAD, raise the limit of processes (ulimit -u), "
                    + $"or set threads: {delivered}"
            );
        }
    }

    /// <summary>Refuses a secret: the value is part of the fingerprint, and the plan shows it.</summary>
    internal static string NotSecret(string variable, string value) =>
        Secrets.FindInVariable(variable, value) is string kind
            ? throw new TrainingException(
                $"environment variable {variable} seems to contain {kind}; it would be part of the fingerprint and "
                    + "of every record, so unset it"
            )
            : value;

    private static (string Name, string Value) Shown((string Name, string Value) variable) =>
        (variable.Name, Secrets.Shown(variable.Name, variable.Value));

    /// <summary>The variables that the libraries read: those of the user and those that the tool sets.</summary>
    private static IEnumerable<(string Name, string Value)> Variables(bool isPortable, bool isGpu) =>
        isPortable
            ? PortablePaths.Fixed()
            : ComputeVariables
                .Relevant(Environment.GetEnvironmentVariables(), isGpu)
                .Concat(isGpu ? GpuPaths.Fixed() : []);

    /// <summary>The module version id. Builds are deterministic, so the same source has the same id.</summary>
    private static string Identity(Type type) => type.Module.ModuleVersionId.ToString("N");

    private static string VersionOf(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? type.Assembly.GetName().Version!.ToString();

    private static string NativeHash(string library) => HashOf(LoadedModule.PathOf(library));

    private static string HashOf(string path) => RememberedHashes.OfAccount.OfFile(path);
}
