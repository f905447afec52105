namespace BreakHis.Testing;

/// <summary>Makes files that claim to be long and take no space.</summary>
internal static class SparseFile
{
    /// <summary>Makes a file or changes its length.</summary>
    public static void Make(string path, long bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.OpenWrite(path);
        file.SetLength(bytes);
    }
}
