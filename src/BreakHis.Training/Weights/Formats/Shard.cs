namespace BreakHis.Training.Weights.Formats;

/// <summary>A file with a part of the weights, which another file names.</summary>
internal static class Shard
{
    /// <summary>
    /// Returns the path of a shard. Accepts only files next to the one that names it, so that a file from an untrusted
    /// source cannot make us read other files.
    /// </summary>
    /// <param name="folder">The folder of the file that names the shard.</param>
    /// <exception cref="FormatException">The name is not that of a file in the folder.</exception>
    public static string At(string folder, string name) =>
        name.Length > 0 && name != ".." && Path.GetFileName(name) == name
            ? Path.Combine(folder, name)
            : throw new FormatException($"the shard '{name}' is not the name of a file next to it");
}
