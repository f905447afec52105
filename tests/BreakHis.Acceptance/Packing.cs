using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Tests that pack the tool, one after the other: they write to the same build folders.</summary>
[CollectionDefinition]
public sealed class Packing;
