using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using BreakHis.Testing;

namespace BreakHis.Tests.Provenance.Git;

/// <summary>A repository created with the git command in a temporary folder.</summary>
internal sealed class GitRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GitRepository(params string[] options)
    {
        Path = _folder["repository"];
        Directory.CreateDirectory(Path);
        Git(["init", "-q", "-b", "main", .. options]);

        // For the tool, which writes notes; the user may have no identity.
        Git("config", "user.name", "Someone");
        Git("config", "user.email", "someone@example.org");
    }

    /// <summary>Whether the git command is available.</summary>
    public static bool IsAvailable { get; } = CanStart();

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public void Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
    }

    public string Commit()
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", "A commit");
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Git(params string[] arguments) => GitIn(Path, arguments);

    public static string GitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string role in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{role}_NAME"] = "Someone";
            start.Environment[$"GIT_{role}_EMAIL"] = "someone@example.org";
        }

        // Each commit would start a program that looks for work.
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "maintenance.auto";
        start.Environment["GIT_CONFIG_VALUE_0"] = "false";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = OperatingSystem.IsWindows() ? "NUL" : "/dev/null";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>A clean checkout of the commit, with the patch applied by git.</summary>
    public string Recreate(string commit, string patch)
    {
        string copy = _folder[Guid.NewGuid().ToString("N")];
        if (commit == "none")
        {
            Git("init", "-q", $"--object-format={Git("rev-parse", "--show-object-format").Trim()}", copy);
        }
        else
        {
            Git("-c", "protocol.file.allow=always", "clone", "-q", "--no-checkout", Path, copy);
        }

        string settings = Git("config", "--get-regexp", @"^core\.(autocrlf|filemode)$");
        foreach (string setting in settings.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            GitIn(copy, ["config", .. setting.Split(' ', 2)]);
        }

        if (commit != "none")
        {
            GitIn(copy, "checkout", "-q", commit);
        }

        string file = _folder[Guid.NewGuid().ToString("N")];
        File.WriteAllText(file, patch);
        GitIn(copy, "apply", "--whitespace=nowarn", file);
        return copy;
    }

    public void Dispose() => _folder.Dispose();

    private static bool CanStart()
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("git", "--version") { UseShellExecute = false, RedirectStandardOutput = true }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
