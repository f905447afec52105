using System.Diagnostics;
using BreakHis.Processes;
using Xunit;

namespace BreakHis.Tests.Processes;

public sealed class RunProcessTests
{
    [Fact]
    public void This_process_is_alive() => Assert.True(RunProcess.Current.IsAlive());

    [Fact]
    public void A_later_process_with_the_same_id_is_a_different_one()
    {
        Assert.False((RunProcess.Current with { Started = RunProcess.Current.Started + "0" }).IsAlive());
        Assert.False((RunProcess.Current with { Id = int.MaxValue }).IsAlive());
    }

    [Fact]
    public void Processes_on_another_machine_are_inconclusive() =>
        Assert.Null((RunProcess.Current with { Machine = "elsewhere" }).IsAlive());

    [Fact(SkipUnless = nameof(IsLinux), Skip = "needs boot ids and namespaces (Linux)")]
    public void Boot_and_namespace_identify_a_process()
    {
        string[] parts = RunProcess.Current.Started.Split(' ');
        Assert.Equal(3, parts.Length);
        Assert.False((RunProcess.Current with { Started = $"other {parts[1]} {parts[2]}" }).IsAlive());
        Assert.Null((RunProcess.Current with { Started = $"{parts[0]} other {parts[2]}" }).IsAlive());
    }

    [Fact(SkipUnless = nameof(IsLinux), Skip = "needs sleep and kill (Linux)")]
    public void A_killed_process_is_dead()
    {
        using var process = Process.Start("sleep", "60");
        var running = RunProcess.Of(process.Id);
        Assert.True(running!.IsAlive());
        process.Kill();
        process.WaitForExit();
        Assert.False(running.IsAlive());
    }

    public static bool IsLinux => OperatingSystem.IsLinux();
}
