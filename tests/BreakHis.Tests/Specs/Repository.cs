namespace BreakHis.Tests.Specs;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>The full path of a file of the checkout.</summary>
    public static string Path(string relative) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Root, relative));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(folder, "Harness.sln")))
        {
            folder = System.IO.Path.GetDirectoryName(folder.TrimEnd('/', '\\'))!;
        }

        return folder;
    }
}
