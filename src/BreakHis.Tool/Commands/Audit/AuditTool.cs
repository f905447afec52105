using System.Runtime.InteropServices;
using System.Text.Json;
using BreakHis.Audit.Rerun;
using BreakHis.Files;
using BreakHis.Ledger.Reading;
using BreakHis.Provenance;
using BreakHis.Tool.Commands.Run;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>The tool that reruns a run.</summary>
/// <param name="Arguments">Arguments for the .NET host, before the tool's own.</param>
/// <param name="AsThen">Whether this tool is the recorded one.</param>
/// <param name="Says">Which tool it is, and the reason if it is not the recorded one.</param>
internal sealed record AuditTool(IReadOnlyList<string> Arguments, bool AsThen, string Says)
{
    /// <summary>The sandbox in which to run it, or null.</summary>
    public Sandbox? Within { get; private init; }

    /// <summary>Whether it was built or restored as somebody else's record says.</summary>
    public bool CameWithRecord { get; private init; }

    /// <summary>Whether recorded code was executed that does not rerun the run: what it left in its folder is not used.</summary>
    public bool LeftFiles { get; private init; }

    private const string Command = "dotnet-breakhis";
    private const string Project = "src/BreakHis.Tool/BreakHis.Tool.csproj";
    private static readonly string[] Manifests = [".config/dotnet-tools.json", "dotnet-tools.json"];

    /// <summary>
    /// Selects the tool for a run. In this order: this tool, if code and packages match the record; the tool that the
    /// recorded tree pins; the tool built from that tree, if it is the tool's own repository; else this tool as a
    /// fallback. Recorded code is built and run only if nothing speaks against it, or the user trusts it.
    /// </summary>
    /// <param name="trust">Whether the user trusts the recorded code.</param>
    public static async Task<AuditTool> Of(
        RecordedRun run,
        RecordedCode code,
        CodeTrust trust,
        CancellationToken cancellation
    )
    {
        string[] other = DifferentCode(run);
        if (other.Length == 0)
        {
            return new AuditTool(This, true, "this tool, whose code and packages have the recorded hashes");
        }

        AuditTool? then = code.Tree is null ? null : await Then(run, code, code.Tree, trust, cancellation);
        return then is { Arguments.Count: > 0 }
            ? then
            : new AuditTool(
                This,
                false,
                $"this tool, which differs from the recorded one ({string.Join(", ", other)}): {then?.Says ?? code.Without ?? "the recorded tree does not pin the tool and is not its repository"}"
            )
            {
                LeftFiles = then?.LeftFiles ?? false,
            };
    }

    /// <summary>The recorded tool; without arguments if it is not available; null if the tree has none.</summary>
    private static async Task<AuditTool?> Then(
        RecordedRun run,
        RecordedCode code,
        string tree,
        CodeTrust trust,
        CancellationToken cancellation
    )
    {
        (string? manifest, bool isRepository) = (Pinning(code, tree), File.Exists(Path.Combine(tree, Project)));
        if (manifest is null && !isRepository)
        {
            return null;
        }

        string? reason = ConsentNeeded.Reason(run.Summary, code.Changed, tree);
        if (reason is not null && !trust.TrustsCode)
        {
            return new AuditTool(
                [],
                false,
                $"the recorded code was not built, because {reason}; --trust-code builds it"
            );
        }

        Sandbox? sandbox = trust.SandboxOf(run, code);
        if (sandbox is null && BuildFilesAbove.Of(code.Folder) is string file)
        {
            return new AuditTool(
                [],
                false,
                $"the recorded code was not built, because {file} would be part of the build; set TMPDIR to another folder, or use --sandbox"
            );
        }

        string what = manifest is null ? $"dotnet build {Project}" : "dotnet tool restore";
        StandardStreams.Error.WriteLine(
            $"executing recorded code: {what} and the tool, at commit {run.Given(ProvenanceNames.GitCommit)}"
                + $" with {(code.Changed.Count == 0 ? "no patch" : $"a patch of {Listing.Words([.. code.Changed])}")}; {RunOrigin.Of(run.Summary)}; {(sandbox is null ? "without a sandbox, with all of your rights" : "in a sandbox")}"
        );
        AuditTool tool = manifest is null
            ? await Built(tree, sandbox, cancellation)
            : await Restored(code, tree, manifest, sandbox, cancellation);
        return tool is not { Arguments: [string program] } ? tool with { LeftFiles = true }
            : ModuleIdentity.Difference(run, Path.GetDirectoryName(program)!, Modules) is string difference
                ? new AuditTool([], false, $"the tool {tool.Says} is not believed, because its {difference}")
                {
                    LeftFiles = true,
                }
            : tool with { Within = sandbox, CameWithRecord = !run.Summary.IsMadeHere };
    }

    private static string[] This => [Path.Combine(AppContext.BaseDirectory, Command + ".dll")];

    /// <summary>The entries with the identities of this tool's assemblies.</summary>
    private static IEnumerable<string> Modules =>
        RunProvenance.Software().Where(entry => entry.Group == ProvenanceGroups.Module).Select(entry => entry.Name);

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

    /// <summary>The manifest in the spec's folder or above that pins the tool, or null.</summary>
    private static string? Pinning(RecordedCode code, string tree) =>
        Above(code.Work, tree)
            .SelectMany(folder => Manifests.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(file => PinnedVersion(file) is not null);

    /// <summary>The tool that a manifest pins; without arguments if it is not available.</summary>
    private static async Task<AuditTool> Restored(
        RecordedCode code,
        string tree,
        string manifest,
        Sandbox? sandbox,
        CancellationToken cancellation
    )
    {
        string name = Path.GetRelativePath(tree, manifest);
        StandardStreams.Error.WriteLine($"restoring the tool that {name} pins");
        (int exitCode, string said) = await AuditProcess.Run(
            code.Work,
            AuditProcess.Host,
            ["tool", "restore"],
            sandbox,
            cancellation
        );
        return exitCode == 0 && InPackages(PinnedVersion(manifest)!) is string file
            ? new AuditTool([file], true, $"that {name} pins in the recorded tree")
            : new AuditTool([], false, $"the tool that {name} pins cannot be restored: {said}");
    }

    /// <summary>The restored tool's program, in the package for this platform or in the one for all; null if it is missing.</summary>
    private static string? InPackages(string version)
    {
        return ((string[])[$"{Command}.{RuntimeInformation.RuntimeIdentifier}", Command])
            .Select(package => Path.Combine(Sandbox.Packages, package, version.ToLowerInvariant(), "tools"))
            .Where(Directory.Exists)
            .SelectMany(tools => Directory.EnumerateFiles(tools, Command + ".dll", FolderTree.WithoutLinks))
            .FirstOrDefault();
    }

    /// <summary>The tool built from the tree; without arguments if the build fails.</summary>
    private static async Task<AuditTool> Built(string tree, Sandbox? sandbox, CancellationToken cancellation)
    {
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
                // The package cache is the only source there, so a missing package is named.
                .. sandbox is null ? (string[])[] : ["-p:NuGetAudit=false", $"-p:RestoreSources={Sandbox.Packages}"],
            ],
            sandbox,
            cancellation
        );
        string bin = Path.Combine(tree, Path.GetDirectoryName(Project)!, "bin");
        string? built =
            exitCode == 0 && Directory.Exists(bin)
                ? Directory.EnumerateFiles(bin, Command + ".dll", FolderTree.WithoutLinks).FirstOrDefault()
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

    /// <summary>The version of the tool that a manifest pins; null if it pins none.</summary>
    private static string? PinnedVersion(string manifest)
    {
        try
        {
            using var document = JsonDocument.Parse(RegularFile.Text(manifest));
            string? version = document
                .RootElement.GetProperty("tools")
                .EnumerateObject()
                .Where(tool => tool.Name.Equals(Command, StringComparison.OrdinalIgnoreCase))
                .Select(tool => tool.Value.GetProperty("version").GetString())
                .FirstOrDefault();
            return
                version is not null
                && version != ".."
                && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+')
                ? version
                : null;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or JsonException
                        or UnauthorizedAccessException
                        or InvalidOperationException
                        or KeyNotFoundException
            )
        {
            return null;
        }
    }
}
