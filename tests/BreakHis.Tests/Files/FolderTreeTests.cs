using System.Diagnostics;
using BreakHis.Files;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Files;

public sealed class FolderTreeTests
{
    [Fact]
    public void A_folder_is_listed_under_each_path_that_leads_to_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "store/x/2.png", "store/y/3.png");

        Assert.Equal(
            ["a/1.png", "c/2.png", "d/2.png", "e/3.png", "f/1.png", "store/x/2.png", "store/y/3.png"],
            Of(
                folder,
                tree => tree.Files,
                ("c", "store/x"),
                ("d", folder["store/x"]),
                // Above c is the folder that c leads to.
                ("e", "c/../y"),
                ("f", "./a/")
            )
        );
    }

    [Fact]
    public void A_link_to_a_folder_that_contains_it_is_not_followed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", "b/2.png");
        (string, string)[] links = [("a/toB", "../b"), ("b/toA", "../a"), ("a/here", "."), ("root", "/")];

        Assert.Equal(
            ["a/here", "a/toB/toA", "b/toA/here", "b/toA/toB", "root"],
            Of(folder, tree => tree.Cycles, links)
        );
    }

    [Fact]
    public void Links_to_links_are_followed_to_the_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png");

        Assert.Equal(["a/1.png", "b/1.png", "c/1.png"], Of(folder, tree => tree.Files, ("b", "a"), ("c", "b")));
        Assert.Equal(
            ["a/up"],
            Of(folder, tree => tree.Cycles, ("b", "."), ("a/up", "../b/b/a")).Where(p => p[0] == 'a')
        );
    }

    [Fact]
    public void A_folder_whose_name_is_not_UTF_8_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only file systems of Linux have such names");
        using var folder = new TemporaryFolder();
        // .NET can neither write nor delete a name with the byte E4.
        Shell("mkdir");

        IOException e = Assert.Throws<IOException>(() => FolderTree.Of(folder.Path));
        Shell("rmdir");

        Assert.EndsWith("m\ufffdlig is not UTF-8; rename it", e.Message, StringComparison.Ordinal);

        void Shell(string command)
        {
            string[] arguments = ["-c", $"{command} \"$1/m$(printf '\\344')lig\"", "sh", folder.Path];
            using Process shell = Process.Start("sh", arguments)!;
            shell.WaitForExit();
            Assert.Equal(0, shell.ExitCode);
        }
    }

    [Fact]
    public void A_hidden_folder_is_listed_once()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".a/1.png", "b/2.png");

        Assert.Equal([".a/1.png", "b/2.png"], Of(folder, tree => tree.Files, (".a/again", "../.b"), (".b", ".a")));
    }

    [Fact]
    public void Folders_below_too_many_others_are_named()
    {
        using var folder = new TemporaryFolder();
        string deep = string.Concat(Enumerable.Repeat("d/", FolderTree.Deepest));
        folder.Write(deep + "1.png", deep + "e/2.png", deep + "f/g/3.png");

        Assert.Equal([deep + "1.png"], Of(folder, tree => tree.Files));
        Assert.Equal([deep + "e", deep + "f"], Of(folder, tree => tree.TooDeep));
    }

    [Fact]
    public void Links_that_multiply_are_an_error()
    {
        using var folder = new TemporaryFolder();
        const int Levels = 30;
        folder.Write([.. Enumerable.Range(0, Levels + 1).Select(level => $"{level}/1.png")]);
        (string, string)[] links =
        [
            .. Enumerable
                .Range(0, Levels)
                .SelectMany(level =>
                    ((string, string)[])[($"{level}/a", $"../{level + 1}"), ($"{level}/b", $"../{level + 1}")]
                ),
        ];

        IOException e = Assert.Throws<IOException>(() => Of(folder, tree => tree.Files, links));

        Assert.Contains("links lead to the same folders too often", e.Message, StringComparison.Ordinal);
        Assert.Contains(folder.Path, e.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Of(
        TemporaryFolder folder,
        Func<FolderTree, IEnumerable<string>> listed,
        params (string Link, string Target)[] links
    )
    {
        Array.ForEach(links, link => Directory.CreateSymbolicLink(folder[link.Link], link.Target));
        try
        {
            return
            [
                .. listed(FolderTree.Of(folder.Path))
                    .Select(path => Path.GetRelativePath(folder.Path, path))
                    .Order(StringComparer.Ordinal),
            ];
        }
        finally
        {
            // Deleted before the folders, because deleting folders would follow the links.
            Array.ForEach(links, link => File.Delete(folder[link.Link]));
        }
    }
}
