using System.Runtime.CompilerServices;
using TorchSharp;
using Xunit.Sdk;
using Xunit.v3;

// Calls into torch from several threads at once have failed.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace BreakHis.Training.Tests;

internal static class AssemblySettings
{
    /// <summary>Uses two threads on every machine, because the number of threads affects bits.</summary>
    [ModuleInitializer]
    public static void UseTwoThreads() => torch.set_num_threads(2);
}
