using System.Diagnostics;
using System.Runtime.InteropServices;
using BreakHis.Testing;
using Microsoft.Data.Sqlite;

namespace BreakHis.Acceptance;

/// <summary>The result of a program.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}

/// <summary>An empty folder outside of every repository, in which a user works with the tool.</summary>
internal sealed class Workplace : IDisposable
{
    internal static readonly string BuiltTool = Path.Combine(SharedFolder.RepositoryRoot, "artifacts/tool");

    public Workplace() => Folder = Directory.CreateTempSubdirectory("breakhis-").FullName;

    public string Folder { get; }

    /// <summary>The folder of the tool under test: the built one unless a test sets another.</summary>
    public string Tool { get; set; } = BuiltTool;

    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    public string Write(string relative, string content)
    {
        string path = At(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return relative;
    }

    public string At(string relative) => Path.Combine(Folder, relative);

    public string Read(string relative) => File.ReadAllText(At(relative));

    public Task<Outcome> Breakhis(params string[] arguments) =>
        Start("dotnet", [Path.Combine(Tool, "dotnet-breakhis.dll"), .. arguments]).End();

    public Running StartBreakhis(params string[] arguments) =>
        Start("dotnet", [Path.Combine(Tool, "dotnet-breakhis.dll"), .. arguments]);

    public Running Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (
            string inherited in (string[])["BREAKHIS_HOME", "NO_COLOR", "CI", "MSBuildSDKsPath", "MSBUILD_EXE_PATH"]
        )
        {
            start.Environment.Remove(inherited);
        }

        foreach ((string name, string value) in Environment)
        {
            start.Environment[name] = value;
        }

        return new Running(Process.Start(start)!);
    }

    /// <summary>The rows of a query on the ledger, with values separated by bars.</summary>
    public IReadOnlyList<string> Query(string sql, string home = ".breakhis")
    {
        using var connection = new SqliteConnection($"Data Source={At(home)}/ledger.db;Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own queries.
        command.CommandText = sql;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader.GetValue(i)))));
        }

        return rows;
    }

    /// <summary>Changes rows of the ledger, as another program can.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Edit(string sql, string home = ".breakhis")
    {
        using var connection = new SqliteConnection(
            $"Data Source={At(home)}/ledger.db;Pooling=False;Foreign Keys=False"
        );
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Text(object value) =>
        value is double number
            ? number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)
            : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A running program.</summary>
internal sealed partial class Running
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task _errorRead;
    private readonly System.Text.StringBuilder _error = new();

    public Running(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errorRead = Task.Run(ReadErrors);
    }

    /// <summary>Waits for a line on standard error that contains a text.</summary>
    public async Task Says(string text, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            lock (_error)
            {
                if (_error.ToString().Contains(text, StringComparison.Ordinal))
                {
                    return;
                }
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"ended without saying '{text}': {_error}");
            }

            await Task.Delay(10, limit.Token);
        }
    }

    /// <summary>Sends a signal at once: a short run could end while a program that sends it starts.</summary>
    public void Signal(string signal) => Xunit.Assert.True(SignalUnlessEnded(signal), "ended before the signal");

    /// <returns>False if the process has ended.</returns>
    public bool SignalUnlessEnded(string signal)
    {
        int number = signal switch
        {
            "INT" => 2,
            "KILL" => 9,
            "TERM" => 15,
            _ => throw new ArgumentOutOfRangeException(nameof(signal)),
        };
        return Kill(_process.Id, number) == 0;
    }

    /// <summary>A shell makes its background jobs, and the programs that they start, ignore Ctrl-C.</summary>
    public static void SkipIfIgnored(string signal)
    {
        const int Interrupt = 2;
        string mask = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
        bool ignored = (Convert.ToUInt64(mask[8..].Trim(), 16) & (1UL << (Interrupt - 1))) != 0;
        Xunit.Assert.SkipWhen(signal == "INT" && ignored, "background jobs ignore Ctrl-C");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Kill(int process, int signal);

    public async Task<Outcome> End()
    {
        await _process.WaitForExitAsync();
        string output = await _output;
        await _errorRead;
        int exitCode = _process.ExitCode;
        _process.Dispose();
        return new Outcome(exitCode, output, _error.ToString());
    }

    private async Task ReadErrors()
    {
        while (await _process.StandardError.ReadLineAsync() is string line)
        {
            lock (_error)
            {
                _error.Append(line).Append('\n');
            }
        }
    }
}
