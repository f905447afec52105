using System.Diagnostics;

namespace BreakHis.Training.Libtorch;

/// <summary>The native libraries of this process, wherever they were loaded from.</summary>
internal static class LoadedModule
{
    /// <summary>Returns the path of the first library whose file name starts with a text, or null.</summary>
    public static string? Find(string name) => All(name) is [string first, ..] ? first : null;

    /// <summary>Returns the paths of all libraries whose file names start with one of some texts.</summary>
    public static IReadOnlyList<string> All(params IReadOnlyList<string> names)
    {
        using var process = Process.GetCurrentProcess();
        return
        [
            .. process
                .Modules.Cast<ProcessModule>()
                .Where(module => names.Any(name => module.ModuleName.StartsWith(name, StringComparison.Ordinal)))
                .Select(module => module.FileName),
        ];
    }

    /// <summary>Requires that libraries come with the tool: portable bits are those of its own files.</summary>
    /// <param name="loaded">Their paths.</param>
    /// <exception cref="TrainingException">A library was loaded from elsewhere.</exception>
    public static void RequireShipped(params IEnumerable<IReadOnlyList<string>> loaded)
    {
        // .NET loads this one from the tool's folder; the system has resolved the links in its path.
        string shipped = Path.GetDirectoryName(PathOf("LibTorchSharp"))!;
        foreach (string path in loaded.SelectMany(paths => paths))
        {
            if (Path.GetDirectoryName(path) != shipped)
            {
                throw new TrainingException(
                    $"determinism: portable computes with the libraries that come with the tool, but {path} was loaded; unset LD_PRELOAD and LD_LIBRARY_PATH, or use determinism: native"
                );
            }
        }
    }

    /// <summary>Returns the path of a library.</summary>
    /// <param name="library">The name without prefix and extension, such as torch_cpu.</param>
    /// <exception cref="TrainingException">It is not loaded.</exception>
    public static string PathOf(string library)
    {
        string name =
            OperatingSystem.IsWindows() ? $"{library}.dll"
            : OperatingSystem.IsMacOS() ? $"lib{library}.dylib"
            : $"lib{library}.so";
        return Find(name) ?? throw new TrainingException($"{name} is not loaded, so its hash cannot be recorded");
    }
}
