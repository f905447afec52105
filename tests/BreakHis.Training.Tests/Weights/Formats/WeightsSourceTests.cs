using System.Security.Cryptography;
using BreakHis.Specs;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Formats;

public sealed class WeightsSourceTests
{
    [Theory]
    [InlineData(new byte[] { 0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0 }, WeightsFormat.PyTorch)]
    [InlineData(new byte[] { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20 }, WeightsFormat.PyTorch)]
    [InlineData(new byte[] { 0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0 }, WeightsFormat.Keras)]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d }, WeightsFormat.SafeTensors)]
    public void The_format_is_detected_from_content_not_from_the_name(byte[] content, WeightsFormat expected)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["weights.bin"], content);

        Assert.Equal(expected, WeightsSource.Find(scratch["weights.bin"]).Format);
    }

    [Theory]
    [InlineData(new byte[] { }, "not weights in a readable format")]
    [InlineData(new byte[] { 1, 2, 3 }, "not weights in a readable format")]
    [InlineData(new byte[] { 0x80, 2, 0x7d }, "it is a pickle")]
    [InlineData(new byte[] { 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0 }, "it is a NumPy array")]
    public void Unreadable_weights_are_an_error_that_says_what_to_do(byte[] content, string message)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file"], content);

        Assert.Contains(message, Error(scratch["file"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_must_contain_exactly_one_set_of_weights()
    {
        using var scratch = new TemporaryFolder();
        Assert.Contains("no such file or folder", Error(scratch["nothing"]), StringComparison.Ordinal);
        File.WriteAllText(scratch["README.md"], "text");
        File.WriteAllText(scratch["config.json"], "{}");
        Assert.Contains("contains no weights", Error(scratch[""]), StringComparison.Ordinal);
        File.WriteAllBytes(scratch["a"], [0x50, 0x4b, 3, 4]);
        Assert.Equal([scratch["a"]], WeightsSource.Find(scratch[""]).Files);
        File.WriteAllBytes(scratch["b"], [0x50, 0x4b, 3, 4]);
        Assert.Contains("several weights files (a, b)", Error(scratch[""]), StringComparison.Ordinal);
        File.Delete(scratch["a"]);
        File.WriteAllText(scratch["x.safetensors.index.json"], """{"weight_map":{"x":"b"}}""");
        Assert.Equal([scratch["x.safetensors.index.json"], scratch["b"]], WeightsSource.Find(scratch[""]).Files);
        File.WriteAllBytes(scratch["whole"], [0x50, 0x4b, 3, 4]);
        Assert.Contains(
            "several weights files (whole, x.safetensors.index.json)",
            Error(scratch[""]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_of_TensorFlow_is_no_ONNX_graph()
    {
        using var scratch = new TemporaryFolder();
        byte[] start = [0x08, 1, 0x12, 0x10];
        File.WriteAllBytes(scratch["saved_model.pb"], start);
        File.WriteAllBytes(scratch["graph.pb"], start);

        Assert.Contains("it is a TensorFlow SavedModel", Error(scratch["saved_model.pb"]), StringComparison.Ordinal);
        Assert.Equal(WeightsFormat.Onnx, WeightsSource.Find(scratch["graph.pb"]).Format);
    }

    [Fact]
    public void A_pointer_of_Git_LFS_is_named()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["x.pth"], "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        Assert.EndsWith("fetch the file with 'git lfs pull'", Error(scratch["x.pth"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_covers_one_file_or_the_hashes_of_all_files()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["a"], "one");
        File.WriteAllText(scratch["b"], "two");
        byte[] one = SHA256.HashData("one"u8);
        byte[] two = SHA256.HashData("two"u8);

        Assert.Equal(Convert.ToHexStringLower(one), new WeightsSource(WeightsFormat.PyTorch, [scratch["a"]]).Sha256());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData([.. one, .. two])),
            new WeightsSource(WeightsFormat.Onnx, [scratch["a"], scratch["b"]]).Sha256()
        );
    }

    [Fact]
    public void Every_backbone_has_known_weights()
    {
        Assert.Equal(
            BackboneFacts.All.Select(b => b.Name).Order(StringComparer.Ordinal),
            KnownWeights.All.Select(k => k.Backbone).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Weights_that_are_not_bundled_are_found_in_the_weights_folder()
    {
        using var scratch = new TemporaryFolder();
        string message = Assert
            .Throws<WeightsException>(() => KnownWeights.Find("inception_v3", scratch["weights"]))
            .Message;
        Assert.Contains(Path.Combine(scratch["weights"], "inception_v3"), message, StringComparison.Ordinal);
        Assert.Contains(
            "put inception_v3_google-0cc3c7bd.pth from https://download.pytorch.org/",
            message,
            StringComparison.Ordinal
        );
        Assert.Throws<WeightsException>(() => KnownWeights.Find("inception_v3", null));

        Directory.CreateDirectory(scratch["weights/inception_v3"]);
        File.WriteAllBytes(scratch["weights/inception_v3/file.safetensors"], [0x50, 0x4b, 3, 4]);
        Assert.Equal(WeightsFormat.PyTorch, KnownWeights.Named("inception_v3", "file", scratch["weights"]).Format);
    }

    [Fact]
    public void Changed_bundled_weights_are_rejected()
    {
        using var scratch = new TemporaryFolder();
        var known = new KnownWeights("resnet18_mlnet", [new("file", new string('0', 64))], "MIT", "a test");
        string missing = Assert.Throws<WeightsException>(() => known.In(scratch[""])).Message;
        File.WriteAllText(scratch["file"], "changed");
        string changed = Assert.Throws<WeightsException>(() => known.In(scratch[""])).Message;

        Assert.Contains("file: missing; it comes with the tool", missing, StringComparison.Ordinal);
        Assert.Contains("SHA-256 is", changed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_is_an_error_wherever_a_file_of_weights_may_be()
    {
        using var scratch = new TemporaryFolder();
        const string Kind = "not a regular file but a pipe, socket or device";
        NamedPipe.Make(scratch["pipe"]);
        Assert.Equal($"{scratch["pipe"]}: {Kind}", Error(scratch["pipe"]));
        Assert.Contains("contains no weights in a readable format", Error(scratch.Path), StringComparison.Ordinal);

        File.WriteAllText(scratch["x.safetensors.index.json"], """{"weight_map":{"x":"pipe"}}""");
        Assert.Equal($"{scratch["pipe"]}: {Kind}", Error(scratch["x.safetensors.index.json"]));

        string folder = scratch["resnet18"];
        Directory.CreateDirectory(folder);
        string published = Path.Combine(folder, "resnet18-f37072fd.pth");
        NamedPipe.Make(published);
        string error = Assert.Throws<WeightsException>(() => KnownWeights.Find("resnet18", scratch.Path)).Message;
        Assert.Equal($"{published}: {Kind}", error);
    }

    private static string Error(string path) => Assert.Throws<WeightsException>(() => WeightsSource.Find(path)).Message;
}
