using BreakHis.Testing;

namespace BreakHis.Tests.Data.Pictures.Tiff;

/// <summary>The TIFF images that a script writes with PIL, in memory, because there are several hundred files.</summary>
public sealed class TiffImages : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TiffImages() => PythonReference.Run("PIL,numpy", "tiff_images.py", _folder.Path);

    /// <summary>The files that must be read, with the RGB bytes that PIL reads.</summary>
    public IEnumerable<(string Name, byte[] Tiff, byte[] Rgb)> Equal =>
        In("equal").Select(file => (Name(file), File.ReadAllBytes(file), File.ReadAllBytes(file[..^4] + ".rgb")));

    /// <summary>The files that must be refused.</summary>
    public IEnumerable<(string Name, byte[] Tiff)> Refused =>
        In("refused").Select(file => (Name(file), File.ReadAllBytes(file)));

    /// <summary>One of the files that must be read.</summary>
    public byte[] this[string name] => File.ReadAllBytes(_folder[$"equal/{name}.tif"]);

    public void Dispose() => _folder.Dispose();

    private static string Name(string file) => Path.GetFileNameWithoutExtension(file);

    private string[] In(string kind) => [.. Directory.GetFiles(_folder[kind], "*.tif").Order(StringComparer.Ordinal)];
}
