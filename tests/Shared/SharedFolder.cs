using Xunit;

namespace BreakHis.Testing;

/// <summary>
/// The folder <c>shared</c> beside the repository: real pictures and weights that tests may use and we may not ship.
/// A test that needs something of it skips where it is missing.
/// </summary>
internal static class SharedFolder
{
    /// <summary>The repository's root: the folder of Harness.sln above the test program.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>A file or folder of it; skips the running test where there is none.</summary>
    /// <param name="relative">The path inside the folder, with forward slashes.</param>
    public static string Get(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", relative));
        Assert.SkipUnless(Path.Exists(path), $"../shared/{relative} is not beside the repository");
        return path;
    }

    /// <summary>The full path of a file of the repository.</summary>
    /// <param name="relative">The path from its root, with forward slashes.</param>
    public static string InRepository(string relative) => Path.GetFullPath(Path.Combine(RepositoryRoot, relative));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Harness.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
