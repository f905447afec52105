using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace BreakHis.Testing;

/// <summary>Runs a script of tests/reference in the system's Python. Skips the test if a module is missing.</summary>
internal static class PythonReference
{
    private const string Python = "/usr/bin/python3";

    private static readonly ConcurrentDictionary<string, bool> Importable = new(StringComparer.Ordinal);

    /// <param name="modules">The modules that the script imports, separated by commas.</param>
    /// <param name="script">Its name in tests/reference.</param>
    /// <param name="arguments">Its arguments.</param>
    public static void Run(string modules, string script, params string[] arguments)
    {
        bool there = Importable.GetOrAdd(
            modules,
            names => File.Exists(Python) && Start(["-c", $"import {names}"]).ExitCode == 0
        );
        Assert.SkipUnless(there, $"needs {Python} with {modules}");
        string path = Path.Combine(SharedFolder.RepositoryRoot, "tests", "reference", script);
        (int exitCode, string error) = Start([path, .. arguments]);
        Assert.True(exitCode == 0, error);
    }

    private static (int ExitCode, string Error) Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { UseShellExecute = false, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "2";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
