using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using static System.FormattableString;

namespace BreakHis.Processes;

/// <summary>A process, distinguished from a later one with the same ID.</summary>
/// <param name="Id">The process ID that the operating system assigned.</param>
/// <param name="Started">The start time. On Linux, boot ID, process namespace and clock ticks since boot, which clock
/// corrections do not affect; elsewhere a UTC time.</param>
internal sealed record RunProcess(int Id, string Started, string Machine)
{
    /// <summary>The current process.</summary>
    public static RunProcess Current { get; } =
        Of(Environment.ProcessId) ?? new(Environment.ProcessId, "unknown", Environment.MachineName);

    /// <summary>Returns the process with that ID on this machine, or null if there is none.</summary>
    internal static RunProcess? Of(int id) =>
        StartOf(id) is { } started ? new RunProcess(id, started, Environment.MachineName) : null;

    /// <summary>
    /// Reports whether the process is still running; null if that is unknown because it belongs to another machine or
    /// container.
    /// </summary>
    public bool? IsAlive()
    {
        if (Machine != Environment.MachineName)
        {
            return null;
        }

        return (LinuxBoot(), Current.LinuxBoot()) switch
        {
            ({ } its, { } now) when its.Boot != now.Boot => false,
            ({ } its, { } now) when its.Space != now.Space => null,
            _ => StartOf(Id) == Started,
        };
    }

    /// <summary>Returns the boot ID of the process's machine; null if it did not run on Linux.</summary>
    public string? BootId() => LinuxBoot()?.Boot;

    private (string Boot, string Space)? LinuxBoot() =>
        Started.Split(' ') is [var boot, var space, _] ? (boot, space) : null;

    private static string? StartOf(int id) => OperatingSystem.IsLinux() ? LinuxStartOf(id) : PortableStartOf(id);

    private static string? LinuxStartOf(int id)
    {
        try
        {
            // "id (name) state ...": the name may contain blanks and brackets. The state is field 3, the start time
            // field 22.
            string status = File.ReadAllText(Invariant($"/proc/{id}/stat"));
            string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            bool dead = fields[0] is "Z" or "X" or "x";
            string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            string? space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            return dead ? null : $"{boot} {space} {fields[19]}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    private static string? PortableStartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
