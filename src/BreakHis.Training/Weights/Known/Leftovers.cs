using BreakHis.Files;

namespace BreakHis.Training.Weights.Known;

/// <summary>What killed processes left in a folder of weights: no living process holds its lock.</summary>
internal static class Leftovers
{
    private const string LockEnding = ".lock";
    private const string PartEnding = ".part";

    /// <summary>
    /// Deletes unpacked packages, temporary files, and partial files that no download can resume. Nothing is deleted in a
    /// folder that is a link, and no file whose name no version of the tool gives.
    /// </summary>
    /// <param name="folder">The folder, which may be missing.</param>
    public static void Delete(string folder)
    {
        var part = new DirectoryInfo(PartialFile.FolderIn(folder));
        if (!part.Exists || part.LinkTarget is not null)
        {
            return;
        }

        foreach (DirectoryInfo unpacked in part.GetDirectories().Where(unpacked => IsGuid(unpacked.Name)))
        {
            DeleteUnpacked(unpacked.FullName);
        }

        foreach (FileInfo file in part.GetFiles())
        {
            string plain = WithoutGuid(file.Name);
            if (
                plain.EndsWith(PartEnding, StringComparison.Ordinal)
                && (plain != file.Name || !File.Exists(PartialFile.VersionOf(file.FullName)))
            )
            {
                DeleteIfFree(file.FullName, new PartialFile(folder, plain[..^PartEnding.Length]).Lock);
            }
        }

        foreach (FileInfo file in new DirectoryInfo(folder).GetFiles("*" + AtomicFile.Unfinished))
        {
            string plain = WithoutGuid(file.Name);
            if (plain != file.Name && plain.EndsWith(HashRecord.Extension, StringComparison.Ordinal))
            {
                DeleteIfFree(file.FullName, new PartialFile(folder, plain[..^HashRecord.Extension.Length]).Lock);
            }
        }
    }

    /// <summary>Makes a folder for an unpacked package and calls a function with it. Then the folder is deleted.</summary>
    /// <param name="folder">The folder of weights.</param>
    public static T WithUnpacked<T>(string folder, Func<string, T> use)
    {
        string unpacked = Path.Combine(PartialFile.FolderIn(folder), $"{Guid.NewGuid():N}");
        using (FileLock.TryTake(unpacked + LockEnding))
        {
            Directory.CreateDirectory(unpacked);
            try
            {
                return use(unpacked);
            }
            finally
            {
                Directory.Delete(unpacked, recursive: true);
                File.Delete(unpacked + LockEnding);
            }
        }
    }

    private static void DeleteUnpacked(string unpacked)
    {
        using (var free = FileLock.TryTake(unpacked + LockEnding))
        {
            if (free is null)
            {
                return;
            }

            if (Directory.Exists(unpacked))
            {
                Directory.Delete(unpacked, recursive: true);
            }
        }

        File.Delete(unpacked + LockEnding);
    }

    private static void DeleteIfFree(string file, string lockFile)
    {
        using var free = FileLock.TryTake(lockFile);
        if (free is not null)
        {
            File.Delete(file);
        }
    }

    /// <summary>The name of the file that a temporary file was to become; other names unchanged.</summary>
    private static string WithoutGuid(string name)
    {
        if (!name.EndsWith(AtomicFile.Unfinished, StringComparison.Ordinal))
        {
            return name;
        }

        string stem = name[..^AtomicFile.Unfinished.Length];
        return stem.LastIndexOf('.') is >= 0 and int dot && IsGuid(stem[(dot + 1)..]) ? stem[..dot] : name;
    }

    private static bool IsGuid(string text) => Guid.TryParseExact(text, "N", out _);
}
