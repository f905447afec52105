using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace BreakHis.Ledger.Audit;

/// <summary>The git program: the library that reads repositories can neither apply a patch nor check one.</summary>
internal static class GitProgram
{
    // A caller that is a git hook has these; they would lead git to another repository than the one meant.
    private static readonly string[] Inherited =
    [
        "GIT_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_COMMON_DIR",
        "GIT_PREFIX",
    ];

    /// <summary>What git said.</summary>
    /// <param name="ExitCode">0 where it did what was asked.</param>
    /// <param name="Output">Its standard output.</param>
    /// <param name="Error">Its standard error.</param>
    internal sealed record Answer(int ExitCode, string Output, string Error)
    {
        public bool Done => ExitCode == 0;

        /// <summary>What went wrong, in one line.</summary>
        public string Says => string.Join(' ', Error.Split('\n', StringSplitOptions.TrimEntries).Where(l => l != ""));
    }

    /// <summary>Runs git and waits for it; null where there is no git program.</summary>
    /// <param name="folder">The folder to run it in.</param>
    /// <param name="input">Its standard input, or null.</param>
    /// <param name="index">The index file to use instead of the repository's, or null.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Answer? Run(string folder, string? input, string? index, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string variable in Inherited)
        {
            start.Environment.Remove(variable);
        }

        start.Environment["LC_ALL"] = "C";
        if (index is not null)
        {
            start.Environment["GIT_INDEX_FILE"] = index;
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            Feed(process.StandardInput, input);
            process.WaitForExit();
            return new Answer(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
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
