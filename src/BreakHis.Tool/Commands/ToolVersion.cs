using System.Reflection;

namespace BreakHis.Tool.Commands;

/// <summary>The tool's version.</summary>
internal static class ToolVersion
{
    /// <summary>The version, with the commit it was built from if known.</summary>
    public static string Text { get; } =
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The .NET SDK that built it.</summary>
    public static string Sdk { get; } =
        typeof(ToolVersion)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => metadata.Key == "SdkVersion")
            .Value!;
}
