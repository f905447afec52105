using System.Runtime.InteropServices;
using BreakHis.Files;

namespace BreakHis.Training.Libtorch;

/// <summary>
/// libtorch of an installed PyTorch, in place of the one that comes with the tool. PyTorch's packages for CUDA contain
/// the libraries that a GPU needs.
/// </summary>
internal static partial class InstalledPyTorch
{
    /// <summary>The environment variable that names the folder of PyTorch, or its subfolder lib.</summary>
    public const string Variable = "BREAKHIS_LIBTORCH";

    /// <summary>
    /// The versions of PyTorch with which both stages ran on TorchSharp's library. TorchSharp was compiled for 2.10;
    /// other versions can lay out memory in another way, so that all symbols are there and results are still wrong.
    /// </summary>
    private static readonly string[] Tried = ["2.10", "2.11"];

    private const string TorchSharpLibrary = "libLibTorchSharp.so";

    private const int ResolveNow = 2;

    /// <summary>Whether the user names a PyTorch.</summary>
    public static bool IsNamed => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    /// <summary>
    /// The folder that contains PyTorch and NVIDIA's libraries beside it, or null if the user names no PyTorch.
    /// </summary>
    /// <exception cref="TrainingException">The named folder contains no PyTorch.</exception>
    public static string? Packages => IsNamed ? Path.GetFullPath("../..", Folder()) : null;

    /// <summary>Whether the libraries that will be loaded, of PyTorch or of the tool, include those for CUDA.</summary>
    /// <exception cref="TrainingException">The named folder contains no PyTorch.</exception>
    public static bool HasCuda() =>
        File.Exists(Path.Combine(IsNamed ? Folder() : AppContext.BaseDirectory, "libtorch_cuda.so"));

    /// <summary>Whether its libraries are those of this process.</summary>
    public static bool IsLoaded { get; private set; }

    /// <summary>
    /// Loads the libraries, or the tool's own if the user names no others. Call it before TorchSharp is used, which would
    /// look in more places; later calls do nothing.
    /// </summary>
    /// <param name="onlyOwn">Whether to load the tool's own even if the user names others.</param>
    /// <exception cref="TrainingException">They are missing, or TorchSharp cannot use them.</exception>
    public static void Load(bool onlyOwn)
    {
        if (LoadedModule.Find(TorchSharpLibrary) is not null)
        {
            return;
        }

        string own = Path.Combine(AppContext.BaseDirectory, TorchSharpLibrary);
        if (onlyOwn || !IsNamed)
        {
            if (Opened(own) is string fault)
            {
                throw new TrainingException(
                    $"the tool cannot load its libraries: {fault}; unset LD_LIBRARY_PATH and LD_PRELOAD, or reinstall the tool"
                );
            }

            return;
        }

        string folder = Folder();
        RequireTried(folder, VersionIn(Path.GetDirectoryName(folder)!));
        Open(Path.Combine(folder, "libtorch.so"), folder);
        RequireFrom(folder);
        Open(own, folder);
        IsLoaded = true;
    }

    private static string Folder()
    {
        string named = Environment.GetEnvironmentVariable(Variable)!;
        string[] folders = [named, Path.Combine(named, "lib")];
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "libtorch.so"))) is { } found
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(found))
            : throw new TrainingException(
                $"{Variable}: {named} does not contain libtorch.so; set it to the folder that python3 -c 'import torch; print(torch.__path__[0])' prints"
            );
    }

    private static void RequireTried(string folder, string version)
    {
        if (!Tried.Any(tried => version.StartsWith(tried + ".", StringComparison.Ordinal)))
        {
            throw Unusable(
                folder,
                $"its version is {version}, and only {string.Join(" and ", Tried)} were tried with the tool"
            );
        }
    }

    /// <summary>Requires that the named libraries were loaded, and not others that the system found first.</summary>
    private static void RequireFrom(string folder)
    {
        string loaded = LoadedModule.PathOf("torch_cpu");
        if (FileKind.Identity(loaded) != FileKind.Identity(Path.Combine(folder, Path.GetFileName(loaded))))
        {
            throw Unusable(folder, $"{loaded} was loaded instead; unset LD_LIBRARY_PATH and LD_PRELOAD");
        }

        RequireTried(folder, LibtorchBuild.Version());
    }

    /// <summary>Reads version.py of a Python package, or build-version of PyTorch's package for C++.</summary>
    private static string VersionIn(string folder)
    {
        string python = Path.Combine(folder, "version.py");
        string cpp = Path.Combine(folder, "build-version");
        string? line =
            File.Exists(python)
                ? Lines(python).FirstOrDefault(text => text.StartsWith("__version__", StringComparison.Ordinal))
            : File.Exists(cpp) ? Lines(cpp)[0]
            : null;
        return line?.Split('=')[^1].Trim().Trim('\'', '"') ?? "unknown (no version.py beside lib)";
    }

    private static string[] Lines(string file)
    {
        try
        {
            return RegularFile.Text(file).Split('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{Variable}: {file} cannot be read: {FileFault.Reason(file, e)}");
        }
    }

    private static void Open(string path, string folder)
    {
        if (Opened(path) is string fault)
        {
            throw Unusable(folder, fault);
        }
    }

    /// <summary>Loads a library and resolves all its symbols at once.</summary>
    /// <returns>Why it cannot be loaded, or null.</returns>
    private static string? Opened(string path)
    {
        // Finding a function for the first time forgets the error.
        _ = LastError();
        return OpenLibrary(path, ResolveNow) == 0 ? Marshal.PtrToStringUTF8(LastError()) ?? "unknown" : null;
    }

    private static TrainingException Unusable(string folder, string reason) =>
        new($"{Variable}: the tool cannot use PyTorch in {folder}: {reason}");

    [LibraryImport("libc.so.6", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenLibrary(string path, int flags);

    [LibraryImport("libc.so.6", EntryPoint = "dlerror")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint LastError();
}
