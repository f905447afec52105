namespace BreakHis.Provenance;

/// <summary>The prefixes of provenance entries, by group.</summary>
internal static class ProvenanceGroups
{
    /// <summary>The repository, its commit and the differences from it.</summary>
    public const string Git = "git.";

    /// <summary>How the tool was started.</summary>
    public const string Command = "command.";

    /// <summary>The tool itself.</summary>
    public const string Tool = "tool.";

    /// <summary>The software that determines the result, one entry per part.</summary>
    public const string Compute = "compute.";

    /// <summary>The .NET runtime.</summary>
    public const string Runtime = "runtime.";

    /// <summary>The machine.</summary>
    public const string Machine = "machine.";

    /// <summary>Environment variables that may change a result, one entry per variable.</summary>
    public const string Environment = "environment.";

    /// <summary>Environment variables that the tool removed before it loaded libtorch, one entry per variable.</summary>
    public const string Removed = "removed.";

    /// <summary>The images and their split.</summary>
    public const string Data = "data.";

    /// <summary>The leak checks of the split, one entry per check; written only by tools before schema 3.</summary>
    public const string Split = "split.";

    /// <summary>The weights that training starts from.</summary>
    public const string Weights = "weights.";

    /// <summary>The seeds.</summary>
    public const string Seed = "seed.";

    /// <summary>The identities of the assemblies that compute, one entry per assembly.</summary>
    public const string Module = "module.";

    /// <summary>The packages that the tool was built with, one entry per package.</summary>
    public const string Package = "package.";

    /// <summary>All packages together.</summary>
    public const string Packages = "packages.";

    /// <summary>Returns the group of an entry's name.</summary>
    public static string Of(string name) => name.Split('.')[0] + ".";
}

/// <summary>
/// The names of the software that determines a result. Plans have it under these names, so the fingerprint covers them;
/// provenance has it under the same names in <see cref="ProvenanceGroups.Compute"/>. They must not change.
/// </summary>
internal static class SoftwareNames
{
    /// <summary>The identity of the library's assembly.</summary>
    public const string Library = "breakhis";

    /// <summary>The identity of the assembly that trains.</summary>
    public const string Training = "breakhis_training";

    /// <summary>
    /// SHA-256 of libraries other than libtorch that multiply matrices, separated by blanks; only if one is loaded.
    /// </summary>
    public const string BlasSha256 = "blas_sha256";

    /// <summary>The version of the CUDA runtime; only if a GPU computes, as with the next four.</summary>
    public const string Cuda = "cuda";

    /// <summary>The version of the GPU's driver.</summary>
    public const string CudaDriver = "cuda_driver";

    /// <summary>The prefix of a library of CUDA, of which the SHA-256 is recorded; its file name follows.</summary>
    public const string CudaLibraryPrefix = "cuda_library_";

    /// <summary>The version of cuDNN, which computes convolutions on a GPU.</summary>
    public const string CuDnn = "cudnn";

    /// <summary>The GPU: its name, compute capability and number of multiprocessors.</summary>
    public const string Gpu = "gpu";

    /// <summary>The widest instruction set that libtorch uses.</summary>
    public const string InstructionSet = "instruction_set";

    /// <summary>The version of libtorch.</summary>
    public const string Libtorch = "libtorch";

    /// <summary>SHA-256 of libc10, the memory and types of libtorch.</summary>
    public const string Libc10Sha256 = "libc10_sha256";

    /// <summary>SHA-256 of the OpenMP library, which divides the work among threads.</summary>
    public const string OpenMpSha256 = "openmp_sha256";

    /// <summary>SHA-256 of SkiaSharp's native library, which decodes images other than TIFF.</summary>
    public const string SkiaSharpNativeSha256 = "skiasharp_native_sha256";

    /// <summary>SHA-256 of libtorch for the GPU.</summary>
    public const string LibtorchCudaSha256 = "libtorch_cuda_sha256";

    /// <summary>SHA-256 of libtorch for the CPU.</summary>
    public const string LibtorchSha256 = "libtorch_sha256";

    /// <summary>SHA-256 of libvips, which decodes TIFF; only if the images include TIFF.</summary>
    public const string LibvipsSha256 = "libvips_sha256";

    /// <summary>The version of NetVips, the binding of libvips; only if the images include TIFF.</summary>
    public const string NetVips = "netvips";

    /// <summary>The processor's model and instruction sets.</summary>
    public const string Processor = "processor";

    /// <summary>The version of SkiaSharp, which decodes images other than TIFF.</summary>
    public const string SkiaSharp = "skiasharp";

    /// <summary>The version of TorchSharp.</summary>
    public const string TorchSharp = "torchsharp";

    /// <summary>SHA-256 of TorchSharp's native library.</summary>
    public const string TorchSharpNativeSha256 = "torchsharp_native_sha256";

    /// <summary>The prefix of an environment variable that libraries read; its name follows.</summary>
    public const string VariablePrefix = "variable_";

    /// <summary>The software that determines the pixels of an image: what draws, decodes and digests it.</summary>
    public static readonly IReadOnlyList<string> OfPictures =
    [
        Library,
        LibvipsSha256,
        NetVips,
        SkiaSharp,
        SkiaSharpNativeSha256,
    ];
}

/// <summary>The names of provenance entries. The ledger stores them, so they must not change.</summary>
internal static class ProvenanceNames
{
    /// <summary>The beginning of the names of the tool's own environment variables.</summary>
    public const string OwnVariables = "BREAKHIS_";

    /// <summary>working tree, bare or none; earlier builds also wrote "unusable" with the reason.</summary>
    public const string GitRepository = ProvenanceGroups.Git + "repository";

    /// <summary>The commit of HEAD; none before the first commit.</summary>
    public const string GitCommit = ProvenanceGroups.Git + "commit";

    /// <summary>The branch, or detached.</summary>
    public const string GitBranch = ProvenanceGroups.Git + "branch";

    /// <summary>The remote's URL without user, password and query.</summary>
    public const string GitRemote = ProvenanceGroups.Git + "remote";

    /// <summary>The spec's folder in the working tree.</summary>
    public const string GitFolder = ProvenanceGroups.Git + "folder";

    /// <summary>Whether the working tree differs from the commit.</summary>
    public const string GitDirty = ProvenanceGroups.Git + "dirty";

    /// <summary>The differences from the commit.</summary>
    public const string GitPatch = ProvenanceGroups.Git + "patch";

    /// <summary>SHA-256 of the patch.</summary>
    public const string GitPatchSha256 = ProvenanceGroups.Git + "patch_sha256";

    /// <summary>What the patch omits, as <see cref="Git.OmittedFile"/> writes it.</summary>
    public const string GitNotInPatch = ProvenanceGroups.Git + "not_in_patch";

    /// <summary>Why entries of this group are missing; present only if they are.</summary>
    public const string GitUnread = ProvenanceGroups.Git + "unread";

    /// <summary>The command line.</summary>
    public const string CommandLine = ProvenanceGroups.Command + "line";

    /// <summary>The tool's version.</summary>
    public const string ToolVersion = ProvenanceGroups.Tool + "version";

    /// <summary>The .NET SDK that built the tool.</summary>
    public const string ToolSdk = ProvenanceGroups.Tool + "sdk";

    /// <summary>The widest instruction set that libtorch uses.</summary>
    public const string ComputeInstructionSet = ProvenanceGroups.Compute + SoftwareNames.InstructionSet;

    /// <summary>The version of .NET.</summary>
    public const string RuntimeVersion = ProvenanceGroups.Runtime + "version";

    /// <summary>The runtime identifier, such as linux-x64.</summary>
    public const string RuntimeIdentifier = ProvenanceGroups.Runtime + "identifier";

    /// <summary>The architecture of the process.</summary>
    public const string RuntimeArchitecture = ProvenanceGroups.Runtime + "architecture";

    /// <summary>The current culture.</summary>
    public const string RuntimeCulture = ProvenanceGroups.Runtime + "culture";

    /// <summary>The local time zone.</summary>
    public const string RuntimeTimeZone = ProvenanceGroups.Runtime + "time_zone";

    /// <summary>The machine's name.</summary>
    public const string MachineName = ProvenanceGroups.Machine + "name";

    /// <summary>The operating system.</summary>
    public const string MachineOs = ProvenanceGroups.Machine + "os";

    /// <summary>The kernel's version.</summary>
    public const string MachineKernel = ProvenanceGroups.Machine + "kernel";

    /// <summary>The architecture of the operating system.</summary>
    public const string MachineArchitecture = ProvenanceGroups.Machine + "architecture";

    /// <summary>The processor's model.</summary>
    public const string MachineProcessor = ProvenanceGroups.Machine + "processor";

    /// <summary>The number of processor cores.</summary>
    public const string MachineCores = ProvenanceGroups.Machine + "cores";

    /// <summary>The instruction sets that determine the code paths of numerical libraries.</summary>
    public const string MachineInstructionSets = ProvenanceGroups.Machine + "instruction_sets";

    /// <summary>The memory in bytes.</summary>
    public const string MachineMemoryBytes = ProvenanceGroups.Machine + "memory_bytes";

    /// <summary>The hash over the images.</summary>
    public const string DataContentSha256 = ProvenanceGroups.Data + "content_sha256";

    /// <summary>The folder of the images, or none.</summary>
    public const string DataFolder = ProvenanceGroups.Data + "folder";

    /// <summary>Whether the tissue is synthetic.</summary>
    public const string DataSynthetic = ProvenanceGroups.Data + "is_synthetic";

    /// <summary>The name of <see cref="DataSynthetic"/> in runs of earlier builds.</summary>
    public const string OldDataSynthetic = ProvenanceGroups.Data + "made_up";

    /// <summary>The split file, or none.</summary>
    public const string DataSplitFile = ProvenanceGroups.Data + "split_file";

    /// <summary>The hash over the split.</summary>
    public const string DataSplitSha256 = ProvenanceGroups.Data + "split_sha256";

    /// <summary>The weights file, or none.</summary>
    public const string WeightsFile = ProvenanceGroups.Weights + "file";

    /// <summary>Where the weights come from.</summary>
    public const string WeightsOrigin = ProvenanceGroups.Weights + "origin";

    /// <summary>The ID of the run that kept the weights; present only if a run did.</summary>
    public const string WeightsRun = ProvenanceGroups.Weights + "run";

    /// <summary>The hash over the weights.</summary>
    public const string WeightsSha256 = ProvenanceGroups.Weights + "sha256";

    /// <summary>The seed of the run.</summary>
    public const string SeedRun = ProvenanceGroups.Seed + "run";

    /// <summary>The seed of the split.</summary>
    public const string SeedSplit = ProvenanceGroups.Seed + "split";

    /// <summary>Why the packages are unknown; present only if they are.</summary>
    public const string Packages = "packages";

    /// <summary>The hash over the packages and their contents.</summary>
    public const string PackagesSha256 = ProvenanceGroups.Packages + "sha256";

    /// <summary>The assemblies and native libraries beside the program, as they are on disk.</summary>
    public const string PackagesFiles = ProvenanceGroups.Packages + "files";
}
