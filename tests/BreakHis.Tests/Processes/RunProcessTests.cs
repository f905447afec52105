using System.Diagnostics;
using BreakHis.Processes;
using Xunit;

namespace BreakHis.Tests.Processes;

public sealed class RunProcessTests
{
    [Fact]
    public void This_process_is_alive() => Assert.True(RunProcess.Current.IsAlive());

    [Fact]
    public void A_process_of_the_same_number_is_another()
    {
        Assert.False((RunProcess.Current with { Started = RunProcess.Current.Started + "0" }).IsAlive());
        Assert.False((RunProcess.Current with { Id = int.MaxValue }).IsAlive());
    }

    [Fact]
    public void Of_another_machine_nothing_can_be_told() =>
        Assert.Null((RunProcess.Current with { Machine = "elsewhere" }).IsAlive());

    [Fact(SkipUnless = nameof(IsLinux), Skip = "boots and namespaces are Linux's")]
    public void Boot_and_namespace_count()
    {
        string[] parts = RunProcess.Current.Started.Split(' ');
        Assert.Equal(3, parts.Length);
        Assert.False((RunProcess.Current with { Started = $"other {parts[1]} {parts[2]}" }).IsAlive());
        Assert.Null((RunProcess.Current with { Started = $"{parts[0]} other {parts[2]}" }).IsAlive());
    }

    [Fact(SkipUnless = nameof(IsLinux), Skip = "uses sleep and kill")]
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
