using System.Text.Json;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using BreakHis.Training.Weights.Known;
using BreakHis.Training.Weights.Layouts;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights;

public sealed class WeightsReaderTests
{
    private const string ResNet = "resnet18_mlnet";
    private const string Inception = "inception_v3";

    [Fact]
    public void Written_weights_are_read_back_with_their_metadata()
    {
        using var scratch = new TemporaryFolder();
        using PretrainedWeights weights = WeightsReader.Read(KnownWeights.Find(ResNet, null), ResNet);
        weights.Write(scratch["own"]);
        using PretrainedWeights again = WeightsReader.Read(scratch["own"], ResNet);
        again.Write(scratch["twice"]);

        Assert.Equal(Digests(weights.State), Digests(again.State), StringComparer.Ordinal);
        Assert.Equal(Digest.Of(weights.Preprocessing), Digest.Of(again.Preprocessing));
        Assert.Equal(File.ReadAllBytes(scratch["own"]), File.ReadAllBytes(scratch["twice"]));
        Assert.Contains(
            "made for the backbone resnet18_mlnet",
            Error(scratch["own"], Inception),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_average_pool_of_Keras_is_kept_in_our_own_files()
    {
        using var scratch = new TemporaryFolder();
        using var backbone = Backbone.Create(Inception, new BackboneTraits(AveragePoolCountsPadding: false));
        using PretrainedWeights weights = Of(backbone);
        weights.Write(scratch["own"]);
        using PretrainedWeights again = WeightsReader.Read(scratch["own"], Inception);

        Assert.False(again.Traits.AveragePoolCountsPadding);
    }

    [Fact]
    public void A_safetensors_file_with_names_of_torchvision_is_read()
    {
        using var scratch = new TemporaryFolder();
        using var backbone = Backbone.Create(Inception, BackboneTraits.Default);
        using Tensor classifier = ones(1000, 2048);
        SafeTensors.Write(scratch["file"], State(backbone).Append(("fc.weight", classifier)));
        using PretrainedWeights weights = WeightsReader.Read(scratch["file"], Inception);

        Assert.True(weights.Traits.AveragePoolCountsPadding);
        Assert.Equal("safetensors", weights.Format);
        Assert.Equal(94 * 5, weights.State.Count);
    }

    [Fact]
    public void Missing_surplus_and_misshapen_tensors_are_reported()
    {
        using var scratch = new TemporaryFolder();
        using var backbone = Backbone.Create(Inception, BackboneTraits.Default);
        (string Name, Tensor Tensor)[] state = [.. State(backbone)];
        using Tensor other = ones(2, 2);

        SafeTensors.Write(scratch["missing"], state.Where(s => s.Name != "Mixed_5b.branch1x1.conv.weight"));
        SafeTensors.Write(scratch["surplus"], state.Append(("Mixed_9z.weight", other)));
        SafeTensors.Write(
            scratch["shape"],
            state.Select(s => s.Name == "Mixed_7c.branch_pool.bn.bias" ? (s.Name, other) : s)
        );

        Assert.EndsWith(
            "missing: contains 469 of this backbone's 470 tensors; tensor Mixed_5b.branch1x1.conv.weight is missing",
            Error(scratch["missing"], Inception),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "surplus: tensor 'Mixed_9z.weight' is not part of this backbone",
            Error(scratch["surplus"], Inception),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "shape: tensor Mixed_7c.branch_pool.bn.bias has shape [2, 2], expected [192]",
            Error(scratch["shape"], Inception),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(
        "features_3.depthwise.bn.running_var",
        "features.3.conv.1.1.running_var",
        float.NaN,
        "contains NaN or infinity"
    )]
    [InlineData(
        "features_1.project.conv.weight",
        "features.1.conv.1.weight",
        float.PositiveInfinity,
        "contains NaN or infinity"
    )]
    [InlineData("features_0.bn.running_var", "features.0.1.running_var", -1f, "contains negative variances")]
    [InlineData("features_18.bn.bias", "features.18.1.bias", null, "is missing")]
    public void Errors_use_the_names_in_the_file(string ours, string theirs, float? value, string message)
    {
        using var backbone = Backbone.Create("mobilenet_v2", BackboneTraits.Default);
        InitialWeights.Draw(backbone, 1);
        using DisposeScope scope = NewDisposeScope();
        Tensor broken = backbone.state_dict()[ours].detach().clone();
        broken.view(-1)[0] = value ?? 0;
        Dictionary<string, string> names = TorchvisionState.Names(backbone);
        using var scratch = new TemporaryFolder();
        SafeTensors.Write(
            scratch["file"],
            State(backbone)
                .Where(s => (value is not null || s.Name != ours) && names.ContainsKey(s.Name))
                .Select(s => (names[s.Name], s.Name == ours ? broken : s.Tensor))
        );

        Assert.EndsWith(
            $" tensor {theirs} {message}",
            Error(scratch["file"], "mobilenet_v2"),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"paths":["a","a"],"weights":[{"name":"conv2d/kernel","shape":[2],"dtype":"float32"}]}""")]
    [InlineData(
        """{"paths":["a"],"weights":[{"name":"conv2d/kernel","shape":[1],"dtype":"float32"}]},{"paths":["a"],"weights":[{"name":"conv2d_1/kernel","shape":[1],"dtype":"float32"}]}"""
    )]
    public void A_layers_model_that_lists_a_shard_twice_is_an_error(string groups)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["a"], new byte[4]);
        File.WriteAllText(scratch["model.json"], $$"""{"weightsManifest":[{{groups}}]}""");

        Assert.Contains("lists the shard a twice", Error(scratch[""], Inception), StringComparison.Ordinal);
    }

    /// <summary>Numbers of one byte in a file without any become floats in memory.</summary>
    [Fact]
    public void A_layers_model_of_too_many_numbers_is_refused_before_its_shards_are_read()
    {
        using var scratch = new TemporaryFolder();
        SparseFile.Make(scratch["a"], (1 << 27) + 1);
        string weights = string.Join(
            ',',
            ((int[])[1 << 27, 1]).Select(
                (size, i) =>
                    $$$"""{"name":"conv2d_{{{i}}}/kernel","shape":[{{{size}}}],"dtype":"float32","quantization":{"dtype":"uint8"}}"""
            )
        );
        File.WriteAllText(scratch["model.json"], $$"""{"weightsManifest":[{"paths":["a"],"weights":[{{weights}}]}]}""");

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.EndsWith(
            "lists 134217729 numbers; at most 134217728 can be read",
            Error(scratch[""], Inception),
            StringComparison.Ordinal
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    /// <summary>A file of holes takes no space, but all of it would be read into memory.</summary>
    [Fact]
    public void Names_and_shapes_of_a_safetensors_file_are_read_without_its_tensors()
    {
        using var scratch = new TemporaryFolder();
        WriteSparse(scratch["file"], "other", "", [1 << 20], 2L << 20);
        using DisposeScope scope = NewDisposeScope();

        Tensor tensor = SafeTensors.ShapesInScope(scratch["file"]).Tensors["other"];

        Assert.Equal([1L << 20], tensor.shape);
        Assert.Equal(DeviceType.META, tensor.device_type);
    }

    [Theory]
    [InlineData("other", "", "which are not those of torchvision's resnet18")]
    [InlineData(
        "preprocessing.mean_image",
        """{"backbone":"resnet18","channel_order":"rgb","mean":"0,0,0","scale":"1,1,1"}""",
        "expected finite float32 of [3, height, width], at most 10000 each"
    )]
    public void Safetensors_files_of_another_network_are_refused(string name, string metadata, string problem)
    {
        using var scratch = new TemporaryFolder();
        WriteSparse(scratch["file"], name, metadata, [3, 1, 10_001], 3 * 10_001 * 2);

        Assert.Contains(problem, Error(scratch["file"], "resnet18"), StringComparison.Ordinal);
    }

    private static void WriteSparse(string path, string name, string metadata, long[] shape, long bytes)
    {
        var entry = new SafeTensorsEntry(name, "F16", shape, 0, bytes);
        Dictionary<string, string> about =
            metadata.Length == 0 ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(metadata)!;
        byte[] header = new SafeTensorsHeader([entry], about).ToBytes();
        SparseFile.Make(path, header.Length + bytes);
        using FileStream file = File.OpenWrite(path);
        file.Write(header);
    }

    [Fact]
    public void A_layers_model_of_another_network_is_refused_before_its_shards_are_read()
    {
        using var scratch = new TemporaryFolder();
        SparseFile.Make(scratch["a"], 1 << 26);
        File.WriteAllText(
            scratch["model.json"],
            """{"weightsManifest":[{"paths":["a"],"weights":[{"name":"other","shape":[16777216],"dtype":"float32"}]}]}"""
        );

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("weight other is not part of", Error(scratch[""], Inception), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_layers_model_with_a_short_or_missing_shard_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(SharedFolder.Get("weights/inception_v3_keras")))
        {
            File.WriteAllBytes(scratch[Path.GetFileName(file)], File.ReadAllBytes(file));
        }

        string shard = scratch["group1-shard6of6"];
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[1..]);
        Assert.Contains("one may be truncated", Error(scratch[""], Inception), StringComparison.Ordinal);
        File.Delete(shard);
        Assert.Contains("group1-shard6of6: missing", Error(scratch[""], Inception), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/hostname")]
    [InlineData("..")]
    public void A_layers_model_reads_only_files_next_to_it(string shard)
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(scratch["model.json"], $$"""{"weightsManifest":[{"paths":["{{shard}}"],"weights":[]}]}""");

        Assert.Contains(
            "is not the name of a file next to it",
            Error(scratch[""], Inception),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_truncated_ONNX_file_or_one_without_its_mean_image_is_an_error()
    {
        WeightsSource source = KnownWeights.Find(ResNet, null);
        using var scratch = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(source.Files[0]);
        File.WriteAllBytes(scratch["cut.onnx"], whole[..(whole.Length / 2)]);
        File.WriteAllBytes(scratch["alone.onnx"], whole);

        Assert.Contains("not a complete ONNX file", Error(scratch["cut.onnx"], ResNet), StringComparison.Ordinal);
        Assert.Contains(
            "ResNetPreprocess.onnx: missing",
            Error(scratch["alone.onnx"], ResNet),
            StringComparison.Ordinal
        );
        Assert.Contains("Conv operations use the value", Error(source.Files[1], ResNet), StringComparison.Ordinal);
        Assert.Contains(
            "only for the backbone resnet18_mlnet",
            Error(source.Files[0], Inception),
            StringComparison.Ordinal
        );
    }

    private static string Error(string path, string backbone)
    {
        string message = Assert.Throws<WeightsException>(() => WeightsReader.Read(path, backbone)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private static PretrainedWeights Of(Backbone backbone) =>
        new()
        {
            Backbone = backbone.Facts.Name,
            Format = "none",
            Sha256 = "",
            Origin = "a test",
            Preprocessing = Preprocessing.MinusOneToOne,
            Traits = backbone.Traits,
            State = State(backbone).ToDictionary(s => s.Name, s => s.Tensor, StringComparer.Ordinal),
        };

    private static IEnumerable<(string Name, Tensor Tensor)> State(Backbone backbone) =>
        backbone.state_dict().Select(s => (s.Key, s.Value));

    private static IEnumerable<string> Digests(IReadOnlyDictionary<string, Tensor> state) =>
        state.Select(s => Digest.Of(s.Key, s.Value)).Order(StringComparer.Ordinal);
}
