namespace BreakHis.Training.Tests;

/// <summary>A folder of a test's own, gone at its end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("breakhis-test-").FullName;

    /// <summary>A path in the folder.</summary>
    public string this[string name] => Path.Combine(path, name);

    public void Dispose() => Directory.Delete(path, recursive: true);
}
