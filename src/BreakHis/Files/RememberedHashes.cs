using static System.FormattableString;

namespace BreakHis.Files;

/// <summary>
/// Hashes of large libraries, remembered by place, inode, size and times, so that not every start of the tool reads them
/// again. The system sets the time of the last change (ctime) itself: whoever writes to a file cannot set it back.
/// </summary>
/// <param name="Folder">A folder of the account, outside every home folder: a file for each hash.</param>
internal sealed record RememberedHashes(string Folder)
{
    private const int Most = 500;

    /// <summary>
    /// How long ago a file must have changed last: within the resolution of a clock, and through a memory mapping until its
    /// pages are on disk, it could change without another time.
    /// </summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The hashes that the account that runs this process remembers.</summary>
    public static RememberedHashes OfAccount { get; } =
        new(
            Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify
                ),
                "breakhis",
                "hashes"
            )
        );

    /// <summary>Returns the SHA-256 of a file, as <see cref="Sha256Hex.OfFile(string)"/> does.</summary>
    /// <exception cref="IOException">The file cannot be read, or is not a regular file.</exception>
    public string OfFile(string path)
    {
        FileStamp? before = FileKind.Stamp(path);
        if (before is null || DateTimeOffset.UtcNow - before.ChangedAt < Settled)
        {
            return Sha256Hex.OfFile(path);
        }

        string remembered = Path.Combine(Folder, Sha256Hex.OfText(KeyOf(path, before)));
        if (Read(remembered) is string known)
        {
            return known;
        }

        string hash = Sha256Hex.OfFile(path);
        if (FileKind.Stamp(path) == before)
        {
            Write(remembered, hash);
        }

        return hash;
    }

    private static string KeyOf(string path, FileStamp stamp) =>
        Invariant($"{stamp.Device} {stamp.Inode} {stamp.Size} {stamp.Written} {stamp.Changed} {path}");

    private static string? Read(string file)
    {
        try
        {
            return RegularFile.Exists(file) && RegularFile.Text(file) is var text && HexName.Is(text, digits: 64)
                ? text
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string file, string hash)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            if (Directory.EnumerateFiles(Folder).Count() >= Most)
            {
                Directory.Delete(Folder, recursive: true);
            }

            AtomicFile.Write(file, hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start reads the file again.
        }
    }
}
