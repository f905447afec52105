using BreakHis.Ledger.Reading;
using BreakHis.Provenance;

namespace BreakHis.Audit.Rerun;

/// <summary>The identities of a tool's assemblies. A tool could say anything about itself, so its files are read.</summary>
internal static class ModuleIdentity
{
    /// <summary>Returns how the assemblies in a folder differ from those that made a run, or null.</summary>
    /// <param name="required">The entries that a record must have: those of all assemblies of the tool.</param>
    public static string? Difference(RecordedRun run, string folder, IEnumerable<string> required)
    {
        ProvenanceEntry[] recorded = [.. run.Provenance.Where(entry => entry.Group == ProvenanceGroups.Module)];
        return
            required.Except(recorded.Select(entry => entry.Name), StringComparer.Ordinal).FirstOrDefault()
                is string missing
            ? $"identity is not completely recorded ({missing} is missing)"
            : recorded
                .Select(entry => (Name: entry.Name[ProvenanceGroups.Module.Length..], entry.Value))
                .Where(module => AssemblyIdentity.Of(Path.Combine(folder, module.Name + ".dll")) != module.Value)
                .Select(module => $"{module.Name}.dll is not the recorded one")
                .FirstOrDefault();
    }
}
