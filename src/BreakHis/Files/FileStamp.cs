namespace BreakHis.Files;

/// <summary>What changes when the content of a file does.</summary>
/// <param name="Size">The length in bytes.</param>
/// <param name="Written">When the content was last written, in nanoseconds since 1970.</param>
/// <param name="Changed">When content or properties last changed by the system's clock, in nanoseconds since 1970.</param>
internal sealed record FileStamp(ulong Device, ulong Inode, ulong Size, long Written, long Changed)
{
    /// <summary>When content or properties last changed, to the millisecond.</summary>
    public DateTimeOffset ChangedAt => DateTimeOffset.FromUnixTimeMilliseconds(Changed / 1_000_000);
}
