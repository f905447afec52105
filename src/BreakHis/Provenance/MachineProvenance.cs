using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;

namespace BreakHis.Provenance;

/// <summary>The machine and the process's surroundings, as far as they may move a result. The user's name is left out.</summary>
public static class MachineProvenance
{
    private static readonly string[] Prefixes =
    [
        "ATEN_",
        "BREAKHIS_",
        "COMPlus_",
        "CUBLAS_",
        "CUDA_",
        "CUDNN_",
        "DNNL_",
        "DOTNET_",
        "GOMP_",
        "KMP_",
        "LC_",
        "MKL_",
        "NVIDIA_",
        "OMP_",
        "ONEDNN_",
        "OPENBLAS_",
        "PYTORCH_",
        "SLURM_JOB_",
        "TORCH_",
    ];

    private static readonly string[] Names = ["LANG", "LD_LIBRARY_PATH", "LD_PRELOAD", "TZ"];

    private static readonly string[] Secret = ["AUTH", "CREDENTIAL", "KEY", "PASS", "SECRET", "TOKEN"];

    /// <summary>Names under machine, runtime, environment and command.</summary>
    /// <param name="commandLine">The command line, without secrets.</param>
    /// <returns>The entries, in ordinal order of name.</returns>
    public static IReadOnlyList<ProvenanceEntry> Gather(string commandLine) =>
        [
            .. Machine()
                .Concat(Runtime())
                .Concat(Variables(Environment.GetEnvironmentVariables()))
                .Append(new("command.line", commandLine))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal),
        ];

    /// <summary>The variables that may move a result, and none that may be secret.</summary>
    internal static IEnumerable<ProvenanceEntry> Variables(IDictionary variables) =>
        from DictionaryEntry variable in variables
        let name = (string)variable.Key
        where
            Names.Contains(name, StringComparer.Ordinal)
            || Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal))
        where !Secret.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase))
        select new ProvenanceEntry($"environment.{name}", (string?)variable.Value ?? "");

    private static IEnumerable<ProvenanceEntry> Machine()
    {
        yield return new("machine.name", Environment.MachineName);
        yield return new("machine.os", RuntimeInformation.OSDescription.Trim());
        yield return new("machine.kernel", Environment.OSVersion.VersionString);
        yield return new("machine.architecture", Word(RuntimeInformation.OSArchitecture));
        yield return new("machine.processor", Processor.Model());
        yield return new("machine.cores", Number(Environment.ProcessorCount));
        yield return new("machine.instruction_sets", string.Join(' ', Processor.InstructionSets()));
        yield return new("machine.memory_bytes", Number(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
    }

    private static IEnumerable<ProvenanceEntry> Runtime()
    {
        yield return new("runtime.version", Environment.Version.ToString());
        yield return new("runtime.identifier", RuntimeInformation.RuntimeIdentifier);
        yield return new("runtime.architecture", Word(RuntimeInformation.ProcessArchitecture));
        yield return new("runtime.culture", CultureInfo.CurrentCulture.Name);
        yield return new("runtime.time_zone", TimeZoneInfo.Local.Id);
    }

    private static string Word(Architecture architecture) => architecture.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
