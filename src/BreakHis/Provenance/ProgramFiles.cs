using BreakHis.Files;

namespace BreakHis.Provenance;

/// <summary>
/// The assemblies and native libraries beside the program. The build's list of packages says what should be there; these
/// are the files on disk.
/// </summary>
internal static class ProgramFiles
{
    /// <summary>
    /// The beginnings of the names of native libraries that compute. The fingerprint has their hashes, from where they
    /// were loaded, so they are not hashed again here: libtorch takes a third of a second.
    /// </summary>
    public static readonly IReadOnlyList<string> Computing =
    [
        "libtorch_cpu.",
        "libtorch_cuda.",
        "libLibTorchSharp.",
        "libSkiaSharp.",
        "libc10.",
        .. OpenMp,
    ];

    // Their identities are recorded as modules.
    private static readonly string[] OwnAssemblies = ["BreakHis.", "dotnet-breakhis."];

    /// <summary>The beginnings of the names of OpenMP libraries.</summary>
    public static IReadOnlyList<string> OpenMp => ["libgomp", "libiomp", "libomp"];

    /// <summary>
    /// Returns one line per file, in ordinal order: its name and identity, which is the module version ID of an assembly
    /// and the SHA-256 of a native library.
    /// </summary>
    public static string Of(string folder) =>
        string.Join('\n', Named(folder).Select(file => $"{file.Name} {file.Identity}").Order(StringComparer.Ordinal));

    /// <summary>Returns the names of files that are in two such texts and differ.</summary>
    public static IReadOnlyList<string> Differences(string recorded, string present)
    {
        Dictionary<string, string> then = Parsed(recorded);
        Dictionary<string, string> now = Parsed(present);
        return
        [
            .. then
                .Keys.Where(name => now.TryGetValue(name, out string? identity) && identity != then[name])
                .Order(StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<(string Name, string Identity)> Named(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            string name = Path.GetFileName(file);
            if (OwnAssemblies.Any(own => name.StartsWith(own, StringComparison.Ordinal)))
            {
                continue;
            }

            if (name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            {
                yield return (name, AssemblyIdentity.Of(file) ?? Sha256Hex.OfFile(file));
            }
            else if (IsNative(name) && !Computing.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                yield return (name, Sha256Hex.OfFile(file));
            }
        }
    }

    private static bool IsNative(string name) =>
        name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal);

    private static Dictionary<string, string> Parsed(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .GroupBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(file => file.Key, file => file.First()[^1], StringComparer.Ordinal);
}
