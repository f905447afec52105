using System.Text.Json;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Tool.Commands.Run;
using BreakHis.Tool.Terminal;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>The tool that reruns a run.</summary>
/// <param name="Arguments">Arguments for the .NET host, before the tool's own.</param>
/// <param name="AsThen">Whether this tool is the recorded one.</param>
/// <param name="Says">Which tool it is, and the reason if it is not the recorded one.</param>
internal sealed record AuditTool(IReadOnlyList<string> Arguments, bool AsThen, string Says)
{
    private const string Command = "dotnet-breakhis";
    private const string Project = "src/BreakHis.Tool/BreakHis.Tool.csproj";
    private static readonly string[] Manifests = [".config/dotnet-tools.json", "dotnet-tools.json"];

    /// <summary>
    /// Selects the tool for a run. In this order: this tool, if code and packages match the record; the tool that the
    /// recorded tree pins; the tool built from that tree, if it is the tool's own repository; else this tool as a
    /// fallback.
    /// </summary>
    public static async Task<AuditTool> Of(RecordedRun run, RecordedCode code, CancellationToken cancellation)
    {
        string[] other = DifferentCode(run);
        if (other.Length == 0)
        {
            return new AuditTool(This, true, "this tool, whose code and packages have the recorded hashes");
        }

        AuditTool? then = code.Tree is null
            ? null
            : await Pinned(code, code.Tree, cancellation) ?? await Built(code.Tree, cancellation);
        return then is { Arguments.Count: > 0 }
            ? then
            : new AuditTool(
                This,
                false,
                $"this tool, which differs from the recorded one ({string.Join(", ", other)}): {then?.Says ?? code.Without ?? "the recorded tree does not pin the tool and is not its repository"}"
            );
    }

    private static string[] This => [Path.Combine(AppContext.BaseDirectory, Command + ".dll")];

    /// <summary>The recorded identities of code and packages that differ from this tool's.</summary>
    private static string[] DifferentCode(RecordedRun run)
    {
        var recorded = run.Provenance.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
        return
        [
            .. RunProvenance
                .Software()
                .Where(entry => entry.Name == ProvenanceNames.PackagesSha256 || entry.Group == ProvenanceGroups.Module)
                .Where(entry => recorded.GetValueOrDefault(entry.Name) != entry.Value)
                .Select(entry => entry.Name),
        ];
    }

    /// <summary>
    /// The tool pinned by a manifest in the spec's folder or above; without arguments if unavailable; null if none is
    /// pinned.
    /// </summary>
    private static async Task<AuditTool?> Pinned(RecordedCode code, string tree, CancellationToken cancellation)
    {
        string? pinning = Above(code.Work, tree)
            .SelectMany(folder => Manifests.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(Pins);
        if (pinning is null)
        {
            return null;
        }

        string name = Path.GetRelativePath(tree, pinning);
        StandardStreams.Error.WriteLine($"restoring the tool that {name} pins");
        (int exitCode, string said) = await AuditProcess.Run(
            code.Work,
            AuditProcess.Host,
            ["tool", "restore"],
            cancellation
        );
        return exitCode == 0
            ? new AuditTool(["tool", "run", Command], true, $"the tool that {name} pins in the recorded tree")
            : new AuditTool([], false, $"the tool that {name} pins cannot be restored: {said}");
    }

    /// <summary>
    /// The tool built from the tree; without arguments if the build fails; null if the tree belongs to another project.
    /// </summary>
    private static async Task<AuditTool?> Built(string tree, CancellationToken cancellation)
    {
        if (!File.Exists(Path.Combine(tree, Project)))
        {
            return null;
        }

        StandardStreams.Error.WriteLine("building the tool of the recorded commit; this takes a minute");
        (int exitCode, string said) = await AuditProcess.Run(
            tree,
            AuditProcess.Host,
            [
                "build",
                Project,
                "-c",
                "Release",
                "--nologo",
                "-v",
                "quiet",
                "-nodeReuse:false",
                "-p:UseSharedCompilation=false",
                // Code analysis takes half of the time of a build. It does not change the assemblies.
                "-p:RunAnalyzers=false",
            ],
            cancellation
        );
        string bin = Path.Combine(tree, Path.GetDirectoryName(Project)!, "bin");
        string? built =
            exitCode == 0
                ? Directory.EnumerateFiles(bin, Command + ".dll", SearchOption.AllDirectories).FirstOrDefault()
                : null;
        return built is null
            ? new AuditTool([], false, $"the tool of the recorded commit cannot be built: {said}")
            : new AuditTool([built], true, "built from the recorded commit and patch");
    }

    private static IEnumerable<string> Above(string folder, string root)
    {
        for (
            string? at = folder;
            at is not null && at.StartsWith(root, StringComparison.Ordinal);
            at = Path.GetDirectoryName(at)
        )
        {
            yield return at;
        }
    }

    private static bool Pins(string manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(manifest));
            return document.RootElement.TryGetProperty("tools", out JsonElement tools)
                && tools.EnumerateObject().Any(tool => tool.Name.Equals(Command, StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
