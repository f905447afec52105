using System.Runtime.InteropServices;

namespace BreakHis.Processes;

/// <summary>
/// The environment that native libraries read. .NET keeps a copy of its own, which provenance reads as what the user set,
/// so nothing that the tool sets is in it.
/// </summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable for the native libraries of this process, or removes it if the value is null.</summary>
    public static void Set(string name, string? value)
    {
        Environment.SetEnvironmentVariable(name, null);
        _ = value is null ? UnsetVariable(name) : SetVariable(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int UnsetVariable(string name);
}
