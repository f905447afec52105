using BreakHis.Acceptance;
using BreakHis.Acceptance.Faults;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace BreakHis.Acceptance;

/// <summary>
/// Starts the classes that take longest first, so that at the end no core waits for one of them (see docs/testing.md).
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        nameof(Packing),
        nameof(ResumeTests),
        nameof(AuditTests),
        nameof(RealImageTests),
        nameof(RunTests),
        nameof(KillTests),
        nameof(PortableBitsTests),
        nameof(TraceTests),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
        IReadOnlyCollection<TTestCollection> testCollections
    )
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Rank(collection.TestCollectionDisplayName))];

    private static int Rank(string name)
    {
        int place = Array.FindIndex(Long, part => name.Contains($".{part}", StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
