using System.IO.Enumeration;
using System.Runtime.InteropServices;
using BreakHis.Wording;

namespace BreakHis.Files;

/// <summary>Distinguishes regular files from pipes, sockets and devices, which .NET opens like files.</summary>
internal static partial class FileKind
{
    /// <summary>The fault of a path to something else than a regular file.</summary>
    public const string NotRegular = "not a regular file but a pipe, socket or device";

    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const uint Basic = 0x7FF;

    // struct statx is the same on all architectures: linux/stat.h.
    private const int StatxBytes = 256;
    private const int ModeOffset = 28;
    private const int InodeOffset = 32;
    private const int SizeOffset = 40;
    private const int BlocksOffset = 48;
    private const int ChangedOffset = 96;
    private const int WrittenOffset = 112;
    private const int DeviceOffset = 136;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Socket = 0xC000;
    private const int BlockBytes = 512;

    private const ulong SmallFile = 1UL << 32;
    private const int LeastHoles = 16;

    /// <summary>
    /// Returns whether a path names a regular file, following links; true if that is unknown, as for a missing file.
    /// </summary>
    public static bool IsRegular(string path)
    {
        return TypeOf(path) is null or Regular;
    }

    /// <summary>Returns whether a path names a socket, following links.</summary>
    public static bool IsSocket(string path) => TypeOf(path) == Socket;

    /// <summary>Returns the type of a file, or null if it is unknown.</summary>
    private static int? TypeOf(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        return OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0, TypeOnly, ref facts[0]) == 0
            ? MemoryMarshal.Read<ushort>(facts[ModeOffset..]) & TypeMask
            : null;
    }

    /// <summary>Refuses a pipe, a socket or a device, on which a reader would wait or read without an end.</summary>
    /// <exception cref="IOException">The path names such a file.</exception>
    public static void RequireRegular(string path)
    {
        if (!IsRegular(path))
        {
            throw new IOException($"{path}: {NotRegular}");
        }
    }

    /// <summary>
    /// Refuses a file of more than 4 GiB that is almost only holes. Somebody else can make one of terabytes, which would
    /// take hours to read; compression by a file system does not save that much.
    /// </summary>
    /// <exception cref="IOException">The path names such a file.</exception>
    public static void RequireContent(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        if (!OperatingSystem.IsLinux() || Statx(CurrentFolder, path, 0, Basic, ref facts[0]) != 0)
        {
            return;
        }

        ulong bytes = MemoryMarshal.Read<ulong>(facts[SizeOffset..]);
        ulong onDisk = MemoryMarshal.Read<ulong>(facts[BlocksOffset..]) * BlockBytes;
        if (bytes > SmallFile && bytes / LeastHoles > onDisk)
        {
            throw new IOException(
                $"{path}: {Plural.Bytes((long)Math.Min(bytes, long.MaxValue))}, almost only holes (a sparse file); not read"
            );
        }
    }

    /// <summary>Returns whether a path is a link that leads to no file.</summary>
    public static bool IsDeadLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget is not null
                && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: true };
        }
        catch (IOException)
        {
            // Links in a circle.
            return true;
        }
    }

    /// <summary>
    /// Refuses a link where the tool writes: a folder that comes from somebody else could lead it to any file.
    /// </summary>
    /// <param name="path">A file or folder, or nothing yet.</param>
    /// <exception cref="IOException">It is a link.</exception>
    public static void RequireNoLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            throw new IOException(
                $"{path} is a link, and the tool writes only below its home folder; put the file or folder itself there, or choose another home folder with --home"
            );
        }
    }

    /// <summary>Returns the first link below a folder, at any depth, or null. No link is followed.</summary>
    public static string? LinkBelow(string folder) =>
        new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => entry.ToFullPath(),
            new EnumerationOptions { AttributesToSkip = FileAttributes.None, RecurseSubdirectories = true }
        )
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => IsLink(ref entry),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        }.FirstOrDefault();

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>
    /// Returns device and inode of the file that a path names now, which another file of that name does not have; null if
    /// there is none, or this is unknown.
    /// </summary>
    public static (ulong Device, ulong Inode)? Identity(string path) =>
        Stamp(path) is { } stamp ? (stamp.Device, stamp.Inode) : null;

    /// <summary>Returns what changes when the content of a file does; null if that is unknown.</summary>
    public static FileStamp? Stamp(string path)
    {
        Span<byte> facts = stackalloc byte[StatxBytes];
        return OperatingSystem.IsLinux() && Statx(CurrentFolder, path, 0, Basic, ref facts[0]) == 0
            ? new FileStamp(
                MemoryMarshal.Read<ulong>(facts[DeviceOffset..]),
                MemoryMarshal.Read<ulong>(facts[InodeOffset..]),
                MemoryMarshal.Read<ulong>(facts[SizeOffset..]),
                Nanoseconds(facts[WrittenOffset..]),
                Nanoseconds(facts[ChangedOffset..])
            )
            : null;
    }

    private static long Nanoseconds(ReadOnlySpan<byte> time) =>
        (MemoryMarshal.Read<long>(time) * 1_000_000_000) + MemoryMarshal.Read<uint>(time[sizeof(long)..]);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Statx(int folder, string path, int flags, uint mask, ref byte facts);
}
