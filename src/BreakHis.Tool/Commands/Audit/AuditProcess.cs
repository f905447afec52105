using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using BreakHis.Runs;
using BreakHis.Tool.Commands.Weights;
using BreakHis.Tool.Terminal;
using BreakHis.Wording;

namespace BreakHis.Tool.Commands.Audit;

/// <summary>Starts external programs for an audit.</summary>
internal static class AuditProcess
{
    private const int LongestLine = 10_000;
    private const int LongestReason = 300;

    // A build that called this tool sets variables of its own, and our home must not be written to.
    private static readonly string[] Inherited =
    [
        HomeFolder.Variable,
        "MSBUILD_EXE_PATH",
        "MSBuildExtensionsPath",
        "MSBuildLoadMicrosoftTargetsReadOnly",
        "MSBuildSDKsPath",
    ];

    /// <summary>The .NET host that runs this program.</summary>
    public static string Host { get; } =
        Environment.ProcessPath is { } self && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : File.Exists(OfRuntime) ? OfRuntime
        : "dotnet";

    /// <summary>The host beside the runtime, in whose folder this program's runtime has its own, four levels down.</summary>
    private static string OfRuntime =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>Runs a program, shows its messages on standard error, and waits for it.</summary>
    /// <param name="sandbox">The sandbox in which to run it, or null.</param>
    /// <param name="cancellation">Ends the program and its child processes.</param>
    /// <returns>Its exit code and its last line with an error, or else the last line of its output.</returns>
    /// <exception cref="OperationCanceledException">The program was cancelled.</exception>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public static async Task<(int ExitCode, string Said)> Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        Sandbox? sandbox,
        CancellationToken cancellation
    )
    {
        (string around, IEnumerable<string> given) = sandbox is null
            ? (program, arguments)
            : sandbox.Around(folder, program, arguments);
        var start = new ProcessStartInfo(around, given)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in Inherited)
        {
            start.Environment.Remove(variable);
        }

        // An audit uses only local files.
        start.Environment[WeightsFetch.Offline] = "1";
        using Process process = Start(start);
        process.StandardInput.Close();
        string last = "";
        string? error = null;
        void Heard(string line)
        {
            last = line;
            error = line.Contains(" error ", StringComparison.Ordinal) ? line : error;
        }

        var output = Task.WhenAll(
            Read(process.StandardOutput, Heard),
            Read(
                process.StandardError,
                line =>
                {
                    Heard(line);
                    StandardStreams.Error.WriteLine("  | " + line);
                }
            )
        );
        try
        {
            await process.WaitForExitAsync(cancellation);
            await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return (process.ExitCode, Clipped.To(LongestReason, error ?? last));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{start.FileName}: {e.Message}", e);
        }
    }

    /// <summary>Passes on each line that is not empty. Recorded code could write one that never ends.</summary>
    private static async Task Read(StreamReader reader, Action<string> told)
    {
        var line = new StringBuilder();
        char[] buffer = new char[4096];
        for (int count; (count = await reader.ReadAsync(buffer)) > 0; )
        {
            foreach (char c in buffer.AsSpan(0, count))
            {
                if (c is '\r' or '\n')
                {
                    Flush();
                }
                else if (line.Length < LongestLine)
                {
                    line.Append(c);
                }
            }
        }

        Flush();

        void Flush()
        {
            if (line.Length > 0)
            {
                told(line.ToString());
                line.Clear();
            }
        }
    }
}
