namespace BreakHis.Files;

/// <summary>Adds sizes of files. A sparse file can claim to have exabytes, and two of them more than fit into a number.</summary>
internal static class FileSizes
{
    /// <summary>Returns the sum, or the largest number.</summary>
    public static long Sum(IEnumerable<long> bytes) => bytes.Aggregate(0L, Add);

    /// <summary>Returns the sum, or the largest number.</summary>
    public static long Add(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;
}
