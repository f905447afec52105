namespace BreakHis.Plans;

/// <summary>
/// The facts about this machine and its software that determine a result, gathered once, outside planning.
/// </summary>
/// <param name="Device">The compute device: cpu or cuda.</param>
/// <param name="Software">Versions, identities and hashes of the software that computes, and the instruction set it
/// will use, by name. Runs with different values may differ in bits, so all of them are part of the
/// fingerprint.</param>
internal sealed record MachineFacts(string Device, IReadOnlyDictionary<string, string> Software)
{
    /// <summary>
    /// Environment variables that the tool removed because the plan decides threads, math paths and decoders, with their values.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> RemovedVariables { get; init; } = [];
}
