using System.Reflection;
using System.Text.Json;
using BreakHis.Files;

namespace BreakHis.Provenance;

/// <summary>The software that computes: the tool, its assemblies by identity, and their packages.</summary>
internal static class SoftwareProvenance
{
    /// <summary>Returns tool.version and entries in the groups module, package and packages.</summary>
    /// <param name="assemblies">The assemblies whose code affects a result, identified by module version ID.</param>
    /// <returns>The entries, in ordinal order of name.</returns>
    public static IReadOnlyList<ProvenanceEntry> Gather(string toolVersion, IEnumerable<Assembly> assemblies) =>
        [
            .. assemblies
                .Distinct()
                .Select(a => new ProvenanceEntry(
                    ProvenanceGroups.Module + a.GetName().Name,
                    a.ManifestModule.ModuleVersionId.ToString()
                ))
                .Append(new(ProvenanceNames.ToolVersion, toolVersion))
                .Concat(Packages())
                .OrderBy(entry => entry.Name, StringComparer.Ordinal),
        ];

    /// <summary>Returns the packages that this program was built with, as <see cref="Gather"/> records them.</summary>
    internal static IReadOnlyList<ProvenanceEntry> Packages() =>
        [
            .. Packages(DependenciesFile()),
            new(ProvenanceNames.PackagesFiles, ProgramFiles.Of(AppContext.BaseDirectory)),
        ];

    /// <summary>
    /// Returns the packages and versions listed in a .deps.json file, and a hash over them and their contents.
    /// </summary>
    internal static IReadOnlyList<ProvenanceEntry> Packages(string? file)
    {
        if (file is null)
        {
            return [new(ProvenanceNames.Packages, "unknown: there is no .deps.json beside the program")];
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var packages = document
            .RootElement.GetProperty("libraries")
            .EnumerateObject()
            .Where(library => library.Value.GetProperty("type").GetString() == "package")
            .Select(library =>
                (
                    Name: library.Name.Split('/')[0],
                    Version: library.Name.Split('/')[^1],
                    Sha512: library.Value.TryGetProperty("sha512", out JsonElement hash) ? hash.GetString() : ""
                )
            )
            .OrderBy(package => package.Name, StringComparer.Ordinal)
            .ToList();
        string text = string.Concat(packages.Select(p => $"{p.Name} {p.Version} {p.Sha512}\n"));
        return
        [
            .. packages.Select(p => new ProvenanceEntry(ProvenanceGroups.Package + p.Name, p.Version)),
            new(ProvenanceNames.PackagesSha256, Sha256Hex.OfText(text)),
        ];
    }

    // The host lists the files it started the program with, the program's own first.
    private static string? DependenciesFile() =>
        (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)
            ?.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(File.Exists);
}
