namespace BreakHis.Specs.Reading;

/// <summary>A value that the spec's matrix chose for one run.</summary>
/// <param name="Path">The dotted path of the setting.</param>
public sealed record MatrixChoice(string Path, string Value);
