using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace BreakHis.Testing;

/// <summary>Runs a script of tests/reference in the system's Python. Skips the test if a module is missing.</summary>
internal static class PythonReference
{
    private const string Python = "/usr/bin/python3";

    // One process for all scripts, because importing torch takes seconds. It ends with this process, at the end of input.
    private static readonly Lazy<Process> Server = new(Start);

    private static readonly Lock Turn = new();

    /// <param name="modules">The modules that the script imports, separated by commas.</param>
    /// <param name="script">Its name in tests/reference.</param>
    /// <param name="arguments">Its arguments.</param>
    public static void Run(string modules, string script, params string[] arguments)
    {
        string missing = $"needs {Python} with {modules}";
        Assert.SkipUnless(File.Exists(Python), missing);
        JsonElement answer = Ask(
            JsonSerializer.Serialize(
                new
                {
                    modules,
                    script,
                    arguments,
                }
            )
        );
        Assert.SkipUnless(answer.GetProperty("imported").GetBoolean(), missing);
        Assert.True(answer.GetProperty("exit_code").GetInt32() == 0, answer.GetProperty("error").GetString());
    }

    private static JsonElement Ask(string question)
    {
        lock (Turn)
        {
            Process server = Server.Value;
            server.StandardInput.WriteLine(question);
            server.StandardInput.Flush();
            string answer =
                server.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"Python ended at {question}");
            return JsonElement.Parse(answer);
        }
    }

    private static Process Start()
    {
        string path = Path.Combine(SharedFolder.RepositoryRoot, "tests", "reference", "serve.py");
        var start = new ProcessStartInfo(Python, [path])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "2";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return Process.Start(start)!;
    }
}
