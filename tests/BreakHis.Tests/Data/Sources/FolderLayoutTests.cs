using BreakHis.Data;
using BreakHis.Data.Sources;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Testing;
using Xunit;

namespace BreakHis.Tests.Data.Sources;

/// <summary>Folders that are at another level than classes and sides.</summary>
public sealed class FolderLayoutTests
{
    [Theory]
    [InlineData("400X", "400X/train/a/1.png", "400X/train/b/2.png", "400X/test/a/3.png")]
    [InlineData("fold1", "fold1/train/a/1.png", "fold1/train/b/2.png", "fold2/train/a/3.png", "fold2/val/b/4.png")]
    [InlineData("data", "data/train/a/1.png", "data/train/b/2.png", "extra/x/3.png")]
    [InlineData("x/y", "x/y/train/a/1.png", "x/y/Test/b/2.png")]
    public void Sides_below_the_top_level_are_an_error(string inside, params string[] images)
    {
        using var folder = new TemporaryFolder();
        folder.Write(images);

        DataException e = Assert.Throws<DataException>(() => Of(folder));
        Assert.Equal("data.path", e.Setting);
        Assert.EndsWith($"for example data.path: {folder[inside]}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vehicles/train/1.png", "vehicles/bus/2.png", "animals/cat/3.png")]
    [InlineData("a/train/1.png", "a/test/2.png", "b/train/3.png", "b/test/4.png")]
    [InlineData("a/train/x/1.png", "a/2.png", "b/3.png")]
    [InlineData("train/a/1.png", "train/b/2.png", "val/a/3.png")]
    public void Other_folders_are_classes(params string[] images)
    {
        using var folder = new TemporaryFolder();
        folder.Write(images);

        Assert.Equal(images.Order(StringComparer.Ordinal), Of(folder).Images.Select(image => image.Path));
    }

    [Theory]
    [InlineData("set", "set/a/1.png", "set/b/2.png")]
    [InlineData("x/y", "x/y/a/1.png", "x/y/b/2.png")]
    public void Classes_in_one_folder_are_named(string inside, params string[] images)
    {
        using var folder = new TemporaryFolder();
        folder.Write(images);
        Catalogue catalogue = Of(folder);

        DataException e = Assert.Throws<DataException>(() => Labelling.Label(Data, catalogue));
        Assert.EndsWith(
            $"; if the folders in it are the classes, such as a and b, use data.path: {folder[inside]}",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("the classes 1, 2 all contain the folders 0, 1", "1/0/a.png", "1/1/b.png", "2/0/c.png", "2/1/d.png")]
    [InlineData(
        "the classes x, y all contain the folders a, b",
        "x/a/1.png",
        "x/b/2.png",
        "y/a/3.png",
        "y/b/4.png",
        "z/5.png"
    )]
    [InlineData(null, "x/a/1.png", "y/a/2.png")]
    [InlineData(null, "x/a/1.png", "x/b/2.png", "y/c/3.png", "y/d/4.png")]
    [InlineData(null, "x/a/1.png", "x/b/2.png", "x/3.png", "y/a/3.png", "y/b/4.png")]
    [InlineData(null, "x/1.png", "y/2.png")]
    public void Class_folders_with_the_same_folders_are_noted(string? note, params string[] images)
    {
        string[] notes = [.. FolderLayout.SameFolders(images.Select(path => (path, path.Split('/')[0], "")))];

        Assert.Equal(note, notes.FirstOrDefault()?.Split(';')[0]);
        Assert.Empty(FolderLayout.SameFolders(images.Select(path => (path, path.Split('/')[0], "patient"))));
    }

    private static DataSpec Data { get; } =
        new()
        {
            Source = DataSource.Folders,
            Split = new SplitSpec { By = SplitUnit.Image, Validation = 0.5 },
        };

    private static Catalogue Of(TemporaryFolder folder) =>
        Catalogue.Of(Data, folder.Path, PictureSources.Of(Data, folder.Path));
}
