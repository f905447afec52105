using System.Collections;
using System.Reflection;
using BreakHis.Processes;
using BreakHis.Wording;
using NetVips;

namespace BreakHis.Data.Pictures.Tiff;

/// <summary>
/// libvips, which decodes TIFF. It is loaded for the first TIFF image, so that other runs neither wait for it nor depend
/// on it.
/// </summary>
internal static class Libvips
{
    private static readonly Lazy<(string? Fault, IReadOnlyList<(string Name, string Value)> Removed)> Loading = new(
        Load
    );

    /// <summary>Why libvips cannot be loaded, or null if it is. Loads it once.</summary>
    public static string? Fault => Loading.Value.Fault;

    /// <summary>
    /// The environment variables that were removed before libvips was loaded, in ordinal order: those that change what it
    /// and its libraries print, allow or write.
    /// </summary>
    public static IReadOnlyList<(string Name, string Value)> Removed => Loading.Value.Removed;

    /// <summary>The version of the binding.</summary>
    public static string BindingVersion =>
        typeof(Image).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The version of libvips, which must be loaded.</summary>
    public static string Version =>
        string.Join('.', ((int[])[0, 1, 2]).Select(part => Digits.Of(NetVips.NetVips.Version(part))));

    /// <summary>Returns whether a variable changes what libvips and its libraries print, allow or write.</summary>
    internal static bool IsRemoved(string variable) =>
        variable.StartsWith("VIPS", StringComparison.Ordinal)
        || variable is "G_DEBUG" or "G_MESSAGES_DEBUG" or "JPEGMEM" or "JSIMD_FORCENONE" or "JSIMD_NOHUFFENC";

    private static (string? Fault, IReadOnlyList<(string Name, string Value)> Removed) Load()
    {
        (string Name, string Value)[] removed =
        [
            .. Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value ?? ""))
                .Where(variable => IsRemoved(variable.Name))
                .OrderBy(variable => variable.Name, StringComparer.Ordinal),
        ];
        foreach ((string name, _) in removed)
        {
            NativeEnvironment.Set(name, null);
        }

        return (Configure(), removed);
    }

    /// <summary>A method of its own: the binding loads libvips as soon as code that uses it is compiled.</summary>
    private static string? Configure()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            return ModuleInitializer.Exception is { } e ? e.GetBaseException().Message : "unknown reason";
        }

        // Images are already decoded on all cores, and nothing is decoded twice.
        NetVips.NetVips.Concurrency = 1;
        Cache.Max = 0;
        Cache.MaxMem = 0;
        Cache.MaxFiles = 0;
        foreach (string domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            Log.SetLogHandler(domain, Enums.LogLevelFlags.All, static (_, _, _) => { });
        }

        return null;
    }
}
