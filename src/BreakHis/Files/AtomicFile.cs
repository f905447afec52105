using System.Runtime.InteropServices;
using System.Text;

namespace BreakHis.Files;

/// <summary>
/// Writes files atomically: writes a temporary file in the same folder, flushes it to disk, renames it and flushes the
/// folder. At any moment the path has either the old content or the new. Once a call returns, the new content survives
/// a power loss, provided that file system and disk honour flushes.
/// </summary>
internal static partial class AtomicFile
{
    /// <summary>The suffix of temporary files. A process that is killed leaves one behind.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Writes text in UTF-8, replacing any existing file.</summary>
    /// <param name="path">The file; its folder is created if necessary.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes, replacing any existing file.</summary>
    /// <param name="path">The file; its folder is created if necessary.</param>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>Writes the output of a function, replacing any existing file.</summary>
    /// <param name="path">The file; its folder is created if necessary.</param>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeFolder(folder);
        string unfinished = $"{path}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            using (FileStream stream = File.Create(unfinished))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
            FlushFolder(folder);
        }
        catch (Exception e)
            when (e is UnauthorizedAccessException or DirectoryNotFoundException or FileNotFoundException)
        {
            Discard(unfinished);
            string reason = Directory.Exists(path) ? "this is a folder" : "the folder does not accept new files";
            throw new IOException($"{path}: cannot be written: {reason}", e);
        }
        catch
        {
            Discard(unfinished);
            throw;
        }
    }

    /// <summary>
    /// Deletes the temporary files of killed processes from a folder that no other process writes to.
    /// </summary>
    /// <param name="folder">The folder; it need not exist.</param>
    public static void DeleteUnfinished(string folder)
    {
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.GetFiles(folder, "*" + Unfinished, SearchOption.AllDirectories))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>
    /// Flushes a folder, which makes its new and renamed files durable. Windows has no such call: its journal keeps
    /// renames in order.
    /// </summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, 0);
        if (handle < 0)
        {
            throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        try
        {
            const int NotOfferedHere = 22;
            if (Flush(handle) != 0 && Marshal.GetLastPInvokeError() != NotOfferedHere)
            {
                throw new IOException($"{folder}: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    private static void Discard(string unfinished)
    {
        if (File.Exists(unfinished))
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Creates a folder and its parents. Each becomes durable when its parent is flushed.</summary>
    private static void MakeFolder(string folder)
    {
        if (File.Exists(folder))
        {
            throw new IOException($"{folder}: {FolderPath.IsFile}");
        }

        if (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is string above)
        {
            MakeFolder(above);
            Directory.CreateDirectory(folder);
            FlushFolder(above);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int Close(int handle);
}
