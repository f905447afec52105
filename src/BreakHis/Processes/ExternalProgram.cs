using System.ComponentModel;
using System.Diagnostics;

namespace BreakHis.Processes;

/// <summary>What a program that is not ours said.</summary>
/// <param name="ExitCode">0 where it did what was asked.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool Done => ExitCode == 0;
}

/// <summary>Programs that come with the system and not with the tool: git and ssh-keygen.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs a program and waits for it; null where it is not there.</summary>
    /// <param name="start">How to start it, without a shell, its input redirected where it takes some; its output is redirected.</param>
    /// <param name="input">Its standard input, or null.</param>
    public static ProgramResult? Run(ProcessStartInfo start, string? input)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (start.RedirectStandardInput)
            {
                Feed(process.StandardInput, input);
            }

            process.WaitForExit();
            return new ProgramResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static void Feed(StreamWriter to, string? input)
    {
        try
        {
            using (to)
            {
                to.Write(input);
            }
        }
        catch (IOException)
        {
            // It ended without reading all, and says why itself.
        }
    }
}
