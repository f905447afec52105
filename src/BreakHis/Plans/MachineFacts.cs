namespace BreakHis.Plans;

/// <summary>What of this machine and its software determines a result, gathered once and outside of planning.</summary>
/// <param name="Device">The device to compute on: cpu or cuda.</param>
/// <param name="Software">
/// Versions, identities and hashes of what computes, and the instruction set it is to use, by name. Two runs with
/// other values may differ in bits, so all of it is part of the fingerprint.
/// </param>
public sealed record MachineFacts(string Device, IReadOnlyDictionary<string, string> Software);
