using System.Diagnostics;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>Runs a script of tests/reference in the system's Python, where it has torch; skips the test elsewhere.</summary>
internal static class PythonReference
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> HasTorch = new(() =>
        File.Exists(Python) && Start(["-c", "import numpy, torch, torchvision"]).ExitCode == 0
    );

    public static void Run(string script, params string[] arguments)
    {
        Assert.SkipUnless(HasTorch.Value, $"{Python} with numpy, torch and torchvision is not on this machine");
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
