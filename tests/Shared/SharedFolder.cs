using Xunit;

namespace BreakHis.Testing;

/// <summary>
/// The folder <c>shared</c> next to the repository: real images and weights for tests, which we may not distribute. A
/// test that needs a missing file is skipped.
/// </summary>
internal static class SharedFolder
{
    /// <summary>The repository's root: the folder of Harness.sln above the test program.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>A file or folder in it. Skips the current test if it is missing.</summary>
    /// <param name="relative">The path inside the folder, with forward slashes.</param>
    public static string Get(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", relative));
        Assert.SkipUnless(Path.Exists(path), $"needs ../shared/{relative} next to the repository");
        return path;
    }

    /// <summary>The full path of a file in the repository.</summary>
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
