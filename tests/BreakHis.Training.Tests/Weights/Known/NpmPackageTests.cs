using System.Formats.Tar;
using System.IO.Compression;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Known;

public sealed class NpmPackageTests
{
    private const string Json = """{"a":0.5,"b":[true,null]}""";

    [Fact]
    public void Modules_are_unwrapped_and_plain_files_used_unchanged()
    {
        using var scratch = new TemporaryFolder();
        Packages.Write(
            scratch["a.tgz"],
            ("package/models/net/model.min.js", Packages.Module("""{"a":0.5,"b":false}""")),
            ("package/models/net/shard1.min.js", Packages.Module([1, 2, 3])),
            ("package/models/net/shard2", [4, 5]),
            ("package/models/other.js", Packages.Text("not asked for"))
        );
        Directory.CreateDirectory(scratch["out"]);

        string model = NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"]);

        Assert.Equal(scratch["out/model.json"], model);
        Assert.Equal("""{"a":0.5,"b":false}""", File.ReadAllText(model));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(scratch["out/shard1"]));
        Assert.Equal([4, 5], File.ReadAllBytes(scratch["out/shard2"]));
        Assert.Equal(3, Directory.GetFiles(scratch["out"]).Length);
    }

    /// <summary>A few bytes can unpack to gigabytes; memory is not taken before the limit is checked.</summary>
    [Fact]
    public void A_model_that_is_too_large_is_not_unpacked()
    {
        using var scratch = new TemporaryFolder();
        using (FileStream file = File.Create(scratch["a.tgz"]))
        using (var zipped = new GZipStream(file, CompressionLevel.Fastest))
        using (var archive = new TarWriter(zipped))
        {
            using var zeros = new Zeros(513L << 20);
            archive.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, "package/net/model.json") { DataStream = zeros }
            );
        }

        Directory.CreateDirectory(scratch["out"]);
        WeightsException e = Assert.Throws<WeightsException>(() =>
            NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"])
        );

        Assert.EndsWith("the model has more than 512 MiB", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Among_several_models_the_one_named_like_the_backbone_is_used()
    {
        using var scratch = new TemporaryFolder();
        Packages.Write(
            scratch["a.tgz"],
            ("package/net/model.json", Packages.Text(Json)),
            ("package/other/model.json", Packages.Text("{}"))
        );
        Directory.CreateDirectory(scratch["out"]);

        Assert.Equal(Json, File.ReadAllText(NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"])));
        Assert.Contains(
            "contains several models (package/net, package/other), but not exactly one in a folder third",
            Error(scratch, "third"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_cannot_escape_the_folder()
    {
        using var scratch = new TemporaryFolder();
        Packages.Write(
            scratch["a.tgz"],
            ("package/net/model.json", Packages.Text(Json)),
            ("package/net/..", [1]),
            ("package/net/../escaped", [1]),
            ("package/net/..\\escaped", [1])
        );
        Directory.CreateDirectory(scratch["out"]);

        NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"]);

        Assert.Equal(["a.tgz", "model.json"], Files(scratch));
    }

    [Fact]
    public void A_file_that_is_not_a_package_with_a_model_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["out"]);
        Packages.Write(scratch["a.tgz"], ("package/readme", [1]));
        Assert.Contains("contains no TensorFlow.js layers model", Error(scratch, "net"), StringComparison.Ordinal);

        Packages.Write(scratch["a.tgz"], ("package/net/model.js", Packages.Text("exports.f=function(){}")));
        Assert.Contains("the module of model.json exports no literal", Error(scratch, "net"), StringComparison.Ordinal);

        Packages.Write(
            scratch["a.tgz"],
            ("p/model.js", Packages.Module("{}")),
            ("p/s.js", Packages.Text("n.exports=\"AA"))
        );
        Assert.Contains("the module of s is truncated", Error(scratch, "net"), StringComparison.Ordinal);

        byte[] bytes = File.ReadAllBytes(scratch["a.tgz"]);
        File.WriteAllBytes(scratch["a.tgz"], bytes[..(bytes.Length / 2)]);
        Assert.Contains("a.tgz: ", Error(scratch, "net"), StringComparison.Ordinal);

        File.WriteAllBytes(scratch["a.tgz"], [0x1f, 0x8b, 1, 2, 3]);
        Assert.True(NpmPackage.Is(scratch["a.tgz"]));
        Assert.Contains("not an npm package", Error(scratch, "net"), StringComparison.Ordinal);
    }

    private static string Error(TemporaryFolder scratch, string backbone) =>
        Assert.Throws<WeightsException>(() => NpmPackage.Unpack(scratch["a.tgz"], backbone, scratch["out"])).Message;

    private static IEnumerable<string?> Files(TemporaryFolder scratch) =>
        Directory
            .GetFiles(scratch.Path, "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal);

    /// <summary>The reader of the archive would keep them in memory.</summary>
    [Fact]
    public void A_name_of_megabytes_is_not_read()
    {
        using var scratch = new TemporaryFolder();
        Packages.Write(scratch["a.tgz"], ("package/" + new string('n', 2 << 20), [1]));

        WeightsException e = Assert.Throws<WeightsException>(() =>
            NpmPackage.Unpack(scratch["a.tgz"], "net", scratch.Path)
        );

        Assert.EndsWith("attributes that are too long", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_next_to_no_folder_is_unpacked()
    {
        using var scratch = new TemporaryFolder();
        Packages.WriteBlocks(
            scratch["a.tgz"],
            Packages.Entry("model.json", Packages.Text(Json)),
            Packages.Entry("shard", [1, 2]),
            Packages.Entry("", [3]),
            Packages.Entry(".js", [3]),
            Packages.Entry("...min.js", [3])
        );
        Directory.CreateDirectory(scratch["out"]);

        Assert.Equal(Json, File.ReadAllText(NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"])));
        Assert.Equal([1, 2], File.ReadAllBytes(scratch["out/shard"]));
        Assert.Equal(["a.tgz", "model.json", "shard"], Files(scratch));
    }

    /// <summary>npm repeats the length of a file among its attributes if the file's name is long.</summary>
    [Fact]
    public void Attributes_may_repeat_the_length_of_a_file()
    {
        using var scratch = new TemporaryFolder();
        Packages.WriteBlocks(
            scratch["a.tgz"],
            Packages.Entry("attributes", Packages.Text("27 path=package/model.json\n11 size=17\n"), 'x'),
            Packages.Entry("package/m", Packages.Text("{\"a\":[0,1,2,3,4]}"))
        );
        Directory.CreateDirectory(scratch["out"]);

        Assert.Equal(
            "{\"a\":[0,1,2,3,4]}",
            File.ReadAllText(NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"]))
        );
    }

    [Theory]
    [InlineData("10 size=0\n", 'x', '0', "two different lengths")]
    [InlineData("10 size=1\n", 'g', '0', "two different lengths")]
    [InlineData("22 GNU.sparse.major=1\n", 'x', '0', "two different lengths")]
    [InlineData("10 size=x\n", 'x', '0', "two different lengths")]
    [InlineData("9 mode=1\n", 'x', 'S', "neither a file, a link nor a folder")]
    [InlineData("9 mode=1\n", 'x', '2', "neither a file, a link nor a folder")]
    [InlineData("13 mtime=1e99\n", 'x', '0', null)]
    [InlineData("20 path=package/a\0b\n", 'x', '0', null)]
    [InlineData("20 path=package/a\0b\n", 'L', '0', null)]
    [InlineData("x", 'x', '0', null)]
    public void Unusual_entries_of_an_archive_are_refused_or_left_out(
        string attributes,
        char kind,
        char next,
        string? problem
    )
    {
        using var scratch = new TemporaryFolder();
        Packages.WriteBlocks(
            scratch["a.tgz"],
            Packages.Entry("package/net/model.json", Packages.Text(Json)),
            Packages.Entry("attributes", Packages.Text(attributes), kind),
            Packages.Entry("package/net/a", [1], next)
        );
        Directory.CreateDirectory(scratch["out"]);

        RefusedOrLeftOut(scratch, problem);
    }

    [Fact]
    public void Times_and_names_that_no_system_has_are_refused_or_left_out()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["out"]);
        byte[] model = Packages.Entry("package/net/model.json", Packages.Text(Json));
        byte[] time = [0x80, .. Enumerable.Repeat((byte)0xff, 11)];

        Packages.WriteBlocks(scratch["a.tgz"], model, Packages.Entry("package/net/a", [1], time: time));
        RefusedOrLeftOut(scratch, problem: null);

        Packages.Write(
            scratch["a.tgz"],
            ("package/net/model.json", Packages.Text(Json)),
            ("package/net/" + new string('n', 300), [1])
        );
        RefusedOrLeftOut(scratch, problem: null);
    }

    [Fact]
    public void Headers_are_checked_only_to_a_limit()
    {
        using var scratch = new TemporaryFolder();
        Packages.WriteBlocks(scratch["a.tgz"], Enumerable.Repeat(new byte[1 << 20], 4));

        TarHeaders.Check(scratch["a.tgz"], 5 << 20);
        Assert.Throws<InvalidDataException>(() => TarHeaders.Check(scratch["a.tgz"], 3 << 20));
    }

    [Fact]
    public void Many_models_and_many_files_are_refused()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["out"]);
        Packages.WriteBlocks(
            scratch["a.tgz"],
            Enumerable.Range(0, 1001).Select(i => Packages.Entry($"package/{i}/model.json", []))
        );
        Assert.EndsWith("more than 1000 models", Error(scratch, "net"), StringComparison.Ordinal);

        Packages.WriteBlocks(scratch["a.tgz"], Enumerable.Repeat(Packages.Entry("package/net/model.json", []), 10_001));
        Assert.EndsWith("more than 10000 files", Error(scratch, "net"), StringComparison.Ordinal);
    }

    private static void RefusedOrLeftOut(TemporaryFolder scratch, string? problem)
    {
        try
        {
            NpmPackage.Unpack(scratch["a.tgz"], "net", scratch["out"]);
            Assert.Null(problem);
            Assert.True(File.Exists(scratch["out/model.json"]));
        }
        catch (WeightsException e)
        {
            Assert.StartsWith($"{scratch["a.tgz"]}: not an npm package", e.Message, StringComparison.Ordinal);
            Assert.Contains(problem ?? "", e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A file of zeros that takes no space.</summary>
    private sealed class Zeros(long length) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = (int)Math.Min(count, length - Position);
            buffer.AsSpan(offset, read).Clear();
            Position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch
            {
                SeekOrigin.Begin => offset,
                SeekOrigin.Current => Position + offset,
                _ => length + offset,
            };

        public override void Flush() { }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
