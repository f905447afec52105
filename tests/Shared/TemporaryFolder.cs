namespace BreakHis.Testing;

/// <summary>A folder that is deleted when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("breakhis-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file at each path, whose content is the path.</summary>
    public void Write(params string[] paths)
    {
        foreach (string path in paths)
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[path])!);
            File.WriteAllText(this[path], path);
        }
    }

    public void Dispose()
    {
        // Git makes its objects read-only, which on Windows prevents their deletion.
        foreach (string file in Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories))
        {
            if (OperatingSystem.IsWindows())
            {
                File.SetAttributes(file, FileAttributes.Normal);
            }
        }

        Directory.Delete(Path, recursive: true);
    }
}
