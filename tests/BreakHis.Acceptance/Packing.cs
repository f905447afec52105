using Xunit;

namespace BreakHis.Acceptance;

/// <summary>Tests that pack the tool run one after another, because they share build folders.</summary>
[CollectionDefinition]
public sealed class Packing;
