using System.Diagnostics;

namespace BreakHis.Training.Determinism;

/// <summary>The native libraries of this process, wherever they were loaded from.</summary>
internal static class LoadedModule
{
    /// <summary>Returns the path of the first library whose file name starts with a text, or null.</summary>
    public static string? Find(string name)
    {
        using var process = Process.GetCurrentProcess();
        return process
            .Modules.Cast<ProcessModule>()
            .FirstOrDefault(module => module.ModuleName.StartsWith(name, StringComparison.Ordinal))
            ?.FileName;
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
