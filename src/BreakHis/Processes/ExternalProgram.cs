using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace BreakHis.Processes;

/// <summary>The result of an external program.</summary>
/// <param name="ExitCode">The exit code; 0 means success.</param>
/// <param name="Bytes">The standard output.</param>
internal sealed record ProgramResult(int ExitCode, byte[] Bytes, string Error)
{
    public bool Done => ExitCode == 0;

    /// <summary>The standard output as text.</summary>
    public string Output { get; } = Encoding.UTF8.GetString(Bytes);
}

/// <summary>Runs programs that belong to the system rather than to the tool: git and ssh-keygen.</summary>
internal static class ExternalProgram
{
    /// <summary>Runs a program and waits for it to end. Returns null if it is not installed.</summary>
    /// <param name="start">How to start the program: without a shell, with its input redirected if it needs input. Its
    /// output is always redirected.</param>
    /// <param name="input">Its standard input, or null.</param>
    public static ProgramResult? Run(ProcessStartInfo start, string? input)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        try
        {
            using Process process = Process.Start(start)!;
            using var output = new MemoryStream();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output);
            Task<string> error = process.StandardError.ReadToEndAsync();
            if (start.RedirectStandardInput)
            {
                Feed(process.StandardInput, input);
            }

            process.WaitForExit();
            reading.GetAwaiter().GetResult();
            return new ProgramResult(process.ExitCode, output.ToArray(), error.GetAwaiter().GetResult());
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
            // The program ended before it read everything; it reports the reason itself.
        }
    }
}
