using System.Runtime.CompilerServices;
using TorchSharp;
using Xunit.Sdk;
using Xunit.v3;

// Calls into torch from several threads at once have failed.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace BreakHis.Training.Tests;

internal static class AssemblySettings
{
    /// <summary>Two threads on every machine: the number of threads moves bits.</summary>
    [ModuleInitializer]
    public static void UseTwoThreads() => torch.set_num_threads(2);
}
