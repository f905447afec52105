using BreakHis.Files;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Known;

public sealed class WeightsAdditionTests
{
    private const string Inception = "inception_v3";
    private const string ResNet = "resnet18_mlnet";

    [Fact]
    public void An_npm_package_is_added_bit_for_bit()
    {
        string shared = SharedFolder.Get("weights/inception_v3_keras");
        using var scratch = new TemporaryFolder();
        Packages.Write(
            scratch["nsfw.tgz"],
            [
                ("package/dist/models/mobilenet_v2/model.min.js", Packages.Module("{}")),
                (
                    "package/dist/models/inception_v3/model.min.js",
                    Packages.Module(File.ReadAllText(Path.Combine(shared, "model.json")))
                ),
                .. Directory
                    .GetFiles(shared, "group1-*")
                    .Select(file =>
                        (
                            $"package/dist/models/inception_v3/{Path.GetFileName(file)}.min.js",
                            Packages.Module(File.ReadAllBytes(file))
                        )
                    ),
            ]
        );

        AddedWeights added = WeightsAddition.Add(scratch["nsfw.tgz"], Inception, scratch["w/inception_v3"], name: null);

        using PretrainedWeights expected = WeightsReader.Read(shared, Inception);
        using PretrainedWeights found = WeightsReader.Read(
            KnownWeights.Named(Inception, "nsfw", scratch["w"]),
            Inception
        );
        Assert.Equal(scratch["w/inception_v3/nsfw.safetensors"], added.Path);
        Same(expected, found);
        Assert.False(found.Traits.BatchNormsScale);
        Assert.Contains(
            "nsfw.tgz (TensorFlow.js layers model in an npm package), SHA-256 ",
            found.Origin,
            StringComparison.Ordinal
        );
        Assert.Equal(added.Sha256, HashRecord.Read(added.Path));
        Assert.Equal(["nsfw.safetensors"], KnownWeights.FilesIn(scratch["w/inception_v3"]));
    }

    [Fact]
    public void A_mean_image_is_added_too_and_adding_again_changes_nothing()
    {
        using var scratch = new TemporaryFolder();
        WeightsSource bundled = KnownWeights.Find(ResNet, null);

        AddedWeights added = WeightsAddition.Add(bundled.Files[0], ResNet, scratch["out"], "mine");
        AddedWeights again = WeightsAddition.Add(bundled.Files[0], ResNet, scratch["out"], "mine");

        Assert.True(added.IsNew);
        Assert.Equal(added with { IsNew = false }, again);
        using PretrainedWeights expected = WeightsReader.Read(bundled, ResNet);
        using PretrainedWeights found = WeightsReader.Read(added.Path, ResNet);
        Same(expected, found);
        Assert.Equal(KnownWeights.Of(ResNet).Preprocessing, added.Preprocessing);

        File.WriteAllText(added.Path, "other weights");
        Assert.Equal(
            $"{added.Path}: already contains other weights; choose another name with --name",
            Refused(bundled.Files[0], ResNet, scratch["out"], "mine")
        );
        Assert.Equal("other weights", File.ReadAllText(added.Path));
    }

    [Theory]
    [InlineData(ResNet, "a.b", "is not a name")]
    [InlineData(ResNet, "", "is not a name")]
    [InlineData(ResNet, "-a", "is not a name")]
    [InlineData(ResNet, "2024", "is not a name")]
    [InlineData(ResNet, "a2345678901234567890123456789012345678901234567890123456789012345", "is not a name")]
    [InlineData(ResNet, "imagenet", "has a meaning of its own")]
    [InlineData(ResNet, "ImageNet", "has a meaning of its own")]
    [InlineData(ResNet, "none", "has a meaning of its own")]
    [InlineData(ResNet, "null", "has a meaning of its own")]
    [InlineData(ResNet, "True", "has a meaning of its own")]
    [InlineData(ResNet, "1e5", "has a meaning of its own")]
    [InlineData(ResNet, "0x1F", "has a meaning of its own")]
    [InlineData(Inception, "keras", "has a meaning of its own")]
    public void Names_that_a_spec_would_read_differently_are_refused(string backbone, string name, string reason)
    {
        using var scratch = new TemporaryFolder();
        string bundled = KnownWeights.Find(ResNet, null).Files[0];

        string problem = Refused(bundled, backbone, scratch["x"], name);

        Assert.StartsWith($"--name: '{name}' {reason}", problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["x"]));
    }

    [Fact]
    public void Names_are_made_from_paths_and_checked_like_given_ones()
    {
        using var scratch = new TemporaryFolder();
        string bundled = KnownWeights.Find(ResNet, null).Files[0];
        File.Copy(bundled, scratch["none.onnx"]);
        File.Copy(bundled, scratch["2024.onnx"]);

        Assert.Equal("ResNet18", WeightsAddition.Add(bundled, ResNet, scratch["out"], name: null).Name);
        Assert.Contains("'none' has", Refused(scratch["none.onnx"], ResNet, scratch["x"]), StringComparison.Ordinal);
        Assert.Contains("'2024' is not", Refused(scratch["2024.onnx"], ResNet, scratch["x"]), StringComparison.Ordinal);
        Assert.Equal(
            "--name: 'resnet18' differs from 'ResNet18' only by case; choose another name",
            Refused(bundled, ResNet, scratch["out"], "resnet18")
        );
        Directory.CreateDirectory(scratch["out/folder.safetensors"]);
        Assert.Equal(
            $"{scratch["out/folder.safetensors"]}: is a folder; move it away",
            Refused(bundled, ResNet, scratch["out"], "folder")
        );
    }

    [Fact]
    public void Weights_that_were_edited_after_they_were_added_are_refused_by_name()
    {
        using var scratch = new TemporaryFolder();
        AddedWeights added = WeightsAddition.Add(
            KnownWeights.Find(ResNet, null).Files[0],
            ResNet,
            scratch[$"w/{ResNet}"],
            "mine"
        );
        Assert.Equal([added.Path], KnownWeights.Named(ResNet, "mine", scratch["w"]).Files);

        File.AppendAllText(added.Path, "x");

        Assert.StartsWith(
            $"{added.Path}: has changed since it was added: SHA-256 is ",
            Assert.Throws<WeightsException>(() => KnownWeights.Named(ResNet, "mine", scratch["w"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Unreadable_weights_leave_no_files_behind()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["file"], "no weights");

        Refused(scratch["file"], Inception, scratch["w"], "x");
        Refused(scratch["missing"], Inception, scratch["w"], "x");

        Assert.Empty(KnownWeights.FilesIn(scratch["w"]));
    }

    [Fact]
    public void An_npm_package_is_named_in_errors_and_leaves_no_files_behind()
    {
        using var scratch = new TemporaryFolder();
        Packages.Write(
            scratch["a.tgz"],
            ("package/model.json", Packages.Text("""{"weightsManifest":[{"paths":["s"],"weights":[]}]}"""))
        );

        string problem = Refused(scratch["a.tgz"], Inception, scratch["w"], "x");

        Assert.StartsWith($"{scratch["a.tgz"]}: ", problem, StringComparison.Ordinal);
        Assert.Contains("/s: missing, though ", problem, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch["w/.part"]));
    }

    [Fact]
    public void What_a_killed_process_left_is_deleted()
    {
        string guid = $"{Guid.NewGuid():N}";
        string used = $"{Guid.NewGuid():N}";
        using var scratch = new TemporaryFolder();
        scratch.Write(
            $"w/.part/{guid}/model.json",
            $"w/.part/{guid}.lock",
            $"w/.part/{used}/model.json",
            $"w/.part/a.safetensors.part.{guid}.tmp",
            "w/.part/b.safetensors.part",
            "w/.part/c.pth.part",
            "w/.part/c.pth.part.version",
            "w/.part/d.safetensors.part",
            "w/.part/mine.tmp",
            "w/.part/mine/x",
            $"w/e.sha256.{guid}.tmp",
            "w/mine.sha256.tmp"
        );
        string[] kept =
        [
            "c.pth.part",
            "c.pth.part.version",
            "d.safetensors.part",
            "mine.tmp",
            "mine/x",
            $"{used}/model.json",
        ];
        using var first = FileLock.TryTake(scratch[$"w/.part/{used}.lock"]);
        using var second = FileLock.TryTake(scratch["w/.part/d.safetensors.lock"]);

        WeightsAddition.Add(KnownWeights.Find(ResNet, null).Files[0], ResNet, scratch["w"], "x");

        Assert.Equal(
            kept.Order(StringComparer.Ordinal),
            Directory
                .GetFiles(scratch["w/.part"], "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(scratch["w/.part"], file))
                .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.False(File.Exists(scratch[$"w/e.sha256.{guid}.tmp"]));
        Assert.True(File.Exists(scratch["w/mine.sha256.tmp"]));
    }

    /// <summary>A home folder from elsewhere could lead to any folder.</summary>
    [Fact]
    public void Nothing_is_deleted_behind_a_link()
    {
        string guid = $"{Guid.NewGuid():N}";
        using var scratch = new TemporaryFolder();
        scratch.Write($"other/{guid}/file");
        Directory.CreateDirectory(scratch["w"]);
        Directory.CreateSymbolicLink(scratch["w/.part"], scratch["other"]);

        Leftovers.Delete(scratch["w"]);

        Assert.True(File.Exists(scratch[$"other/{guid}/file"]));
    }

    [Fact]
    public void A_pipe_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        NamedPipe.Make(scratch["pipe"]);

        Assert.Contains(
            "not a regular file",
            Refused(scratch["pipe"], Inception, scratch["w"], "x"),
            StringComparison.Ordinal
        );
    }

    private static string Refused(string path, string backbone, string folder, string? name = null) =>
        Assert.Throws<WeightsException>(() => WeightsAddition.Add(path, backbone, folder, name)).Message;

    private static void Same(PretrainedWeights expected, PretrainedWeights found)
    {
        Assert.Equal(Digests(expected), Digests(found));
        Assert.Equal(Digest.Of(expected.Preprocessing), Digest.Of(found.Preprocessing));
        Assert.Equal(expected.Traits, found.Traits);
    }

    private static IEnumerable<string> Digests(PretrainedWeights weights) =>
        weights.State.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Digest.Of(s.Key, s.Value));
}
