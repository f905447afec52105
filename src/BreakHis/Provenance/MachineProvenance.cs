using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using BreakHis.SecretSearch;
using BreakHis.Wording;

namespace BreakHis.Provenance;

/// <summary>
/// The machine and the environment of the process, as far as they may affect a result. The user's name is omitted.
/// </summary>
internal static class MachineProvenance
{
    private static readonly string[] Prefixes =
    [
        .. NumericalVariables.Prefixes,
        .. NumericalVariables.GpuPrefixes,
        ProvenanceNames.OwnVariables,
        "COMPlus_",
        "DOTNET_",
        "LC_",
        "SLURM_JOB_",
    ];

    private static readonly string[] Names =
    [
        .. NumericalVariables.Names,
        "LANG",
        "LD_LIBRARY_PATH",
        "LD_PRELOAD",
        "TZ",
    ];

    /// <summary>Returns entries in the groups machine, runtime, environment and command.</summary>
    /// <param name="commandLine">The arguments of the command line.</param>
    /// <returns>The entries, in ordinal order of name.</returns>
    public static IReadOnlyList<ProvenanceEntry> Gather(IEnumerable<string> commandLine) =>
        [
            .. Machine()
                .Concat(Runtime())
                .Concat(Variables(Environment.GetEnvironmentVariables()))
                .Append(new(ProvenanceNames.CommandLine, string.Join(' ', Shown(commandLine))))
                .OrderBy(entry => entry.Name, StringComparer.Ordinal),
        ];

    /// <summary>Returns the variables that may affect a result, without any that may be secret.</summary>
    internal static IEnumerable<ProvenanceEntry> Variables(IDictionary variables) =>
        from DictionaryEntry variable in variables
        let name = (string)variable.Key
        where
            Names.Contains(name, StringComparer.Ordinal)
            || Prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal))
        where !Secrets.IsVariableName(name)
        select new ProvenanceEntry(
            ProvenanceGroups.Environment + name,
            Secrets.Shown(name, (string?)variable.Value ?? "")
        );

    /// <summary>
    /// Returns the arguments as they may be recorded. A secret may also be recognisable only with the option before it.
    /// </summary>
    internal static IEnumerable<string> Shown(IEnumerable<string> commandLine)
    {
        string before = "";
        foreach (string argument in commandLine)
        {
            string shown = Secrets.Shown(argument);
            bool isPair =
                shown == argument && Secrets.Find(before) is null && Secrets.Find($"{before} {argument}") is not null;
            yield return isPair ? $"({Secrets.Withheld})" : shown;
            before = argument;
        }
    }

    private static IEnumerable<ProvenanceEntry> Machine()
    {
        yield return new(ProvenanceNames.MachineName, Environment.MachineName);
        yield return new(ProvenanceNames.MachineOs, RuntimeInformation.OSDescription.Trim());
        yield return new(ProvenanceNames.MachineKernel, Kernel());
        yield return new(ProvenanceNames.MachineArchitecture, Word(RuntimeInformation.OSArchitecture));
        yield return new(ProvenanceNames.MachineProcessor, Processor.Model());
        yield return new(ProvenanceNames.MachineCores, Digits.Of(Environment.ProcessorCount));
        yield return new(ProvenanceNames.MachineInstructionSets, string.Join(' ', Processor.InstructionSets()));
        yield return new(ProvenanceNames.MachineMemoryBytes, Digits.Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
    }

    /// <summary>The kernel's own name for its release; .NET's version has only its numbers.</summary>
    private static string Kernel()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Environment.OSVersion.VersionString;
        }
    }

    private static IEnumerable<ProvenanceEntry> Runtime()
    {
        yield return new(ProvenanceNames.RuntimeVersion, Environment.Version.ToString());
        yield return new(ProvenanceNames.RuntimeIdentifier, RuntimeInformation.RuntimeIdentifier);
        yield return new(ProvenanceNames.RuntimeArchitecture, Word(RuntimeInformation.ProcessArchitecture));
        yield return new(
            ProvenanceNames.RuntimeCulture,
            CultureInfo.CurrentCulture.Name is { Length: > 0 } culture ? culture : "invariant"
        );
        yield return new(ProvenanceNames.RuntimeTimeZone, TimeZoneInfo.Local.Id);
    }

    private static string Word(Architecture architecture) => architecture.ToString().ToLowerInvariant();
}
