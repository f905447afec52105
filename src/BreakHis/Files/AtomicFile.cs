using System.Runtime.InteropServices;
using System.Text;

namespace BreakHis.Files;

/// <summary>
/// Puts files in place whole: written to another file beside, flushed to disk, renamed, and the folder flushed. At any
/// moment the path holds the old content or the new one, and once a call returns the new one survives a loss of power,
/// as far as file system and disk keep their word.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>How names of files end that are not yet in place; a process that is killed leaves one behind.</summary>
    public const string Unfinished = ".tmp";

    /// <summary>Writes a text in UTF-8, in place of what was there.</summary>
    /// <param name="path">The file; its folder is made.</param>
    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes, in place of what was there.</summary>
    /// <param name="path">The file; its folder is made.</param>
    public static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <summary>Writes what a function writes, in place of what was there.</summary>
    /// <param name="path">The file; its folder is made.</param>
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
        catch
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Deletes what killed processes left unfinished in a folder that no other process writes to.</summary>
    /// <param name="folder">The folder, which need not be there.</param>
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

    /// <summary>A new or renamed file is safe once its folder is. Windows has no such call: its journal orders renames.</summary>
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

    /// <summary>Makes a folder and those above it; each is safe once the one above it is flushed.</summary>
    private static void MakeFolder(string folder)
    {
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
