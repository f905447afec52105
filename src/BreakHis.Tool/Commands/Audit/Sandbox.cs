using System.Collections;
using BreakHis.Audit.Inputs;
using BreakHis.Audit.Rerun;
using BreakHis.Ledger.Reading;
using BreakHis.Processes;
using BreakHis.Provenance;
using BreakHis.Provenance.Git;
using BreakHis.SecretSearch;
using BreakHis.Tool.Commands.Weights;
using BreakHis.Training.Determinism;
using BreakHis.Training.Libtorch;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>
/// A sandbox of bubblewrap for recorded code: without a network, and with nothing visible but system libraries, the .NET
/// SDK, the package cache, the repository, images and weights, all read-only, and the folder of the rerun.
/// </summary>
/// <param name="Writable">The folder of the rerun.</param>
/// <param name="Visible">Files and folders that the code may read.</param>
internal sealed record Sandbox(string Writable, IReadOnlyList<string> Visible)
{
    private const string Program = "bwrap";

    private static readonly string[] System =
    [
        "/usr",
        "/etc/alternatives",
        "/etc/dotnet",
        "/etc/group",
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/etc/nsswitch.conf",
        // Without it, a build waits for ever.
        "/etc/passwd",
        "/etc/ssl/certs",
        "/etc/ssl/openssl.cnf",
    ];

    // Root may write there even without rights of its own, and so change the kernel's settings outside.
    private static readonly string[] Kernel =
    [
        "/proc/acpi",
        "/proc/bus",
        "/proc/fs",
        "/proc/irq",
        "/proc/mtrr",
        "/proc/scsi",
        "/proc/sys",
        "/proc/sysrq-trigger",
    ];

    // On most systems these are links into /usr.
    private static readonly string[] Libraries = ["/bin", "/lib", "/lib64", "/sbin"];

    // What libraries and .NET read, and how text is written; no variable that may contain a secret.
    private static readonly string[] Variables =
    [
        .. NumericalVariables.Prefixes,
        .. NumericalVariables.Names,
        InstalledPyTorch.Variable,
        "DOTNET_",
        "LANG",
        "LC_",
        "PATH",
    ];

    /// <summary>Whether bubblewrap is installed.</summary>
    public static bool IsInstalled => ExternalProgram.Run(new(Program, ["--version"]), null) is { Done: true };

    /// <summary>The package cache of NuGet.</summary>
    public static string Packages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The sandbox for the code of a run.</summary>
    public static Sandbox Of(RecordedRun run, RecordedCode code, AuditPlace place) => new(code.Folder, [.. (
                    (string?[])
                        [
                            Path.IsPathRooted(AuditProcess.Host)
                                ? Path.GetDirectoryName(GitProvenance.RealPath(AuditProcess.Host))
                                : null,
                            Packages,
                            InstalledPyTorch.Packages,
                            place.Data,
                            place.Weights,
                            // A record of somebody else could name any folder.
                            .. run.Summary.IsMadeHere
                                ? (string?[])
                                    [
                                        run.Given(ProvenanceNames.DataFolder),
                                        run.Given(ProvenanceNames.WeightsFile),
                                        run.Given(ProvenanceNames.DataSplitFile),
                                        place.KeptWeights(run),
                                    ]
                                : [],
                        ]
                ).OfType<string>().Where(path => Path.IsPathRooted(path) && Path.Exists(path))]);

    /// <summary>The program that runs another one in the sandbox, and its arguments.</summary>
    /// <param name="folder">The folder in which to run it.</param>
    public (string Program, IReadOnlyList<string> Arguments) Around(
        string folder,
        string program,
        IEnumerable<string> arguments
    ) =>
        (
            Program,
            [
                "--unshare-all",
                "--die-with-parent",
                "--new-session",
                "--clearenv",
                // Bubblewrap leaves root its rights, also that to remove what is mounted below.
                "--cap-drop",
                "ALL",
                .. System.SelectMany(path => (string[])["--ro-bind-try", path, path]),
                .. Libraries.SelectMany(Library),
                "--proc",
                "/proc",
                .. Kernel.SelectMany(path => (string[])["--ro-bind-try", path, path]),
                "--dev",
                "/dev",
                "--tmpfs",
                "/tmp",
                .. Visible.SelectMany(path => (string[])["--ro-bind", path, path]),
                "--bind",
                Writable,
                Writable,
                .. Environment
                    .GetEnvironmentVariables()
                    .Cast<DictionaryEntry>()
                    .Select(variable => (Name: (string)variable.Key, Value: (string?)variable.Value ?? ""))
                    .Where(variable =>
                        Array.Exists(Variables, prefix => variable.Name.StartsWith(prefix, StringComparison.Ordinal))
                        && !Secrets.IsVariableName(variable.Name)
                        && Secrets.FindInVariable(variable.Name, variable.Value) is null
                    )
                    .Append(("HOME", Writable))
                    .Append(("DOTNET_CLI_HOME", Writable))
                    .Append(("DOTNET_CLI_TELEMETRY_OPTOUT", "1"))
                    .Append(("NUGET_PACKAGES", Packages))
                    .Append((WeightsFetch.Offline, "1"))
                    // They are in the fingerprint, so a rerun without them would not be the same computation.
                    .Concat(ComputeVariables.Relevant(Environment.GetEnvironmentVariables(), isGpu: false))
                    .SelectMany(variable => (string[])["--setenv", variable.Item1, variable.Item2]),
                "--chdir",
                folder,
                "--",
                program,
                .. arguments,
            ]
        );

    private static string[] Library(string path) =>
        new FileInfo(path).LinkTarget is string target ? ["--symlink", target, path]
        : Path.Exists(path) ? ["--ro-bind", path, path]
        : [];
}
