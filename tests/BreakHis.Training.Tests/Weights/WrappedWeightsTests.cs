using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using Xunit;

namespace BreakHis.Training.Tests.Weights;

/// <summary>The same network is read from every wrapping in which training scripts and libraries save it.</summary>
[Collection(typeof(Wrapping))]
public sealed class WrappedWeightsTests(WrappedFiles wrapped)
{
    private const string MobileNet = "mobilenet_v2";
    private const string Ignored = "other Python objects in the file are ignored: collections.Counter";

    private static readonly string[] WithLoop =
    [
        "deep.ckpt",
        "entry.pth",
        "model.pth",
        "model_state_dict.pt",
        "nested.pth",
        "old.pth",
        "old_protocol.pth",
        "other_entry.pth",
        "protocol.pth",
    ];

    [Fact]
    public void Wrapped_state_dictionaries_are_read_bit_for_bit_and_what_is_none_is_named()
    {
        (string[] plain, string[] nothing) = Read(wrapped["plain.pth"]);
        Assert.Empty(nothing);
        Assert.Equal(260, plain.Length);

        Dictionary<string, string[]> notes = new()
        {
            ["entry.pth"] = ["read from the entry 'state_dict'"],
            ["model_state_dict.pt"] = ["read from the entry 'model_state_dict'"],
            ["model.pth"] = ["read from the entry 'model'"],
            ["other_entry.pth"] = ["read from the entry 'encoder'"],
            ["nested.pth"] = ["read from the entry 'model.state_dict'", "read without the prefix 'module.'"],
            ["averaged.pth.tar"] =
            [
                "read from the entry 'state_dict'",
                "other state dictionaries in the file are not used: state_dict_ema",
            ],
            ["buffers.pth"] =
            [
                "read without the prefix 'model.'",
                "2 tensors without the prefix are not used: head.empty, head.wide",
            ],
            ["generators.pth"] =
            [
                "read from the entry 'model'",
                "other Python objects in the file are ignored: _codecs.encode, numpy.core.multiarray._reconstruct, numpy.dtype, numpy.ndarray",
            ],
            ["odd.pth"] =
            [
                "read from the entry 'model'",
                "other Python objects in the file are ignored: __builtin__.set, _codecs.encode",
            ],
            ["several.pth"] =
            [
                "read from the entry 'model'",
                "other state dictionaries in the file are not used: net, ema.shadow",
            ],
            ["protocol.pth"] = ["read from the entry 'state_dict'"],
            ["old_protocol.pth"] = ["read from the entry 'state_dict'"],
            ["parallel.pth"] = ["read without the prefix 'module.'"],
            ["compiled.pth"] = ["read without the prefix '_orig_mod.'"],
            ["lightning.ckpt"] =
            [
                "read from the entry 'state_dict'",
                "read without the prefix 'model.'",
                "2 tensors without the prefix are not used: criterion.weight, head.0.weight",
            ],
            ["deep.ckpt"] =
            [
                "read from the entry 'state_dict'",
                "read without the prefix '_orig_mod.module.backbone.'",
            ],
            ["metrics.pth"] = ["read from the entry 'model'"],
            ["old.pth"] = ["read from the entry 'state_dict'"],
            ["sharded"] = [],
        };
        string[] files = Directory.GetFileSystemEntries(wrapped["good"]);
        Assert.Equal(
            notes.Keys.Order(StringComparer.Ordinal),
            files.Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)
        );
        foreach (string file in files)
        {
            (string[] state, string[] said) = Read(file);
            Assert.Equal(plain, state);
            string[] ignored = said.Contains(Ignored) ? [Ignored] : [];
            Assert.Equal([.. notes[Path.GetFileName(file)], .. ignored], said);
            Assert.Equal(WithLoop.Contains(Path.GetFileName(file)), said.Contains(Ignored));
        }

        AssertRefused(
            wrapped["bad/whole.pth"],
            "an object torchvision.models.mobilenetv2.MobileNetV2, which is refused"
        );
        AssertRefused(wrapped["bad/twins.pth"], "several state dictionaries (student, teacher)");
        AssertRefused(wrapped["bad/pair.pth"], "several times, below encoder_k., encoder_q.");
        AssertRefused(wrapped["bad/trunk.pth"], "contains 312 tensors (0.0.weight, 0.1.weight, 0.1.bias and");
        AssertRefused(wrapped["bad/parameters.pth"], "features.0.1.running_mean");
        AssertRefused(wrapped["bad/state.pth"], "in 'state_dict', the entry 'temperature' is not a tensor");
        AssertRefused(wrapped["bad/settings.pth"], "the entry 'epoch' is not a tensor");
        AssertRefused(wrapped["bad/integers.pth"], "features.0.0.weight has type Int32, expected floating point");
        AssertRefused(wrapped["bad/complex.pth"], "features.0.0.weight has type ComplexFloat32");
        AssertRefused(wrapped["bad/other.pth"], "which are not those of torchvision's mobilenet_v2");
    }

    [Theory]
    [InlineData("part.pth", "contains 84 of this backbone's 260 tensors; tensors features.10.conv.0.0.weight")]
    [InlineData("pruned.pth", "and 32 more are missing; tensors 'features.0.0.weight_orig'")]
    [InlineData("progress.pth", "none of its entries (epoch, optimizer) is a dictionary of tensors; save model.state")]
    [InlineData("list.pth", "it contains a list of 314 values without names; save model.state_dict() and nothing else")]
    [InlineData("tensor.pth", "it contains one tensor without a name; save model.state_dict() and nothing else")]
    [InlineData("truncated.pth", "the end of the archive is missing, so it may be truncated")]
    [InlineData("plain.pth.gz", "it is compressed, so unpack it first")]
    [InlineData("arrays.npz", "the archive contains features.0.0.weight.npy, features.0.1.weight.npy")]
    [InlineData("divided", "it is the index of PyTorch weights in several files, so load all and save one state_dict")]
    public void What_a_file_contains_instead_is_named(string file, string reason) =>
        AssertRefused(wrapped[$"bad/{file}"], reason);

    [Fact]
    public void An_index_of_safetensors_names_only_files_beside_it()
    {
        using var scratch = new TemporaryFolder();
        string folder = scratch["sharded"];
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.GetFiles(wrapped["good/sharded"]))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string index = Path.Combine(folder, "model.safetensors.index.json");
        string text = File.ReadAllText(index);

        (string Wrong, string Reason)[] wrong =
        [
            (
                text.Replace("b.safetensors", "../b.safetensors", StringComparison.Ordinal),
                "not the name of a file next to it"
            ),
            (text.Replace("b.safetensors", "c.safetensors", StringComparison.Ordinal), "missing"),
            (
                text.Replace(
                    "{\"features.0.0.weight\"",
                    "{\"x\":\"a.safetensors\",\"features.0.0.weight\"",
                    StringComparison.Ordinal
                ),
                "lacks tensor x"
            ),
            ("{}", "not an index"),
        ];
        foreach ((string content, string reason) in wrong)
        {
            Assert.NotEqual(text, content);
            File.WriteAllText(index, content);
            AssertRefused(folder, reason);
            AssertRefused(index, reason);
        }

        // The index names a, and b lies beside it: b may be other weights.
        File.WriteAllText(index, "{\"weight_map\":{\"x\":\"a.safetensors\"}}");
        AssertRefused(folder, "several weights files (b.safetensors, model.safetensors.index.json)");
        AssertRefused(index, "does not say so");
    }

    [Fact]
    public void A_long_index_is_refused()
    {
        using var scratch = new TemporaryFolder();
        File.WriteAllText(
            scratch["x.safetensors.index.json"],
            $"{{\"weight_map\":{{{string.Join(',', Enumerable.Range(0, 500_000).Select(i => $"\"{i}\":\"x\""))}}}}}"
        );
        AssertRefused(scratch["x.safetensors.index.json"], "it is too long");
    }

    [Fact]
    public void A_long_directory_of_an_archive_is_refused()
    {
        using var scratch = new TemporaryFolder();
        const int Entries = 400_000;
        byte[] entry = [.. "PK\u0001\u0002"u8, .. new byte[42]];
        byte[] bytes = new byte[4 + (Entries * entry.Length) + 22];
        "PK\u0003\u0004"u8.CopyTo(bytes);
        for (int i = 0; i < Entries; i++)
        {
            entry.CopyTo(bytes, 4 + (i * entry.Length));
        }

        "PK\u0005\u0006"u8.CopyTo(bytes.AsSpan(bytes.Length - 22));
        bytes[^6] = 4;
        File.WriteAllBytes(scratch["x.pth"], bytes);
        AssertRefused(scratch["x.pth"], "the directory of the archive has more than 16 MiB");
    }

    [Fact]
    public void Metadata_of_all_files_of_an_index_count_and_must_agree()
    {
        using var scratch = new TemporaryFolder();
        Part("a", "mean", "1,2,3");
        Part("b", "channel_order", "bgr");
        Part("c", "mean", "1,2,4");
        File.WriteAllText(scratch["x.safetensors.index.json"], """{"weight_map":{"a":"a","b":"b"}}""");
        File.WriteAllText(scratch["y.safetensors.index.json"], """{"weight_map":{"a":"a","c":"c"}}""");

        using DisposeScope scope = torch.NewDisposeScope();
        IReadOnlyDictionary<string, string> metadata = SafeTensorsIndex
            .Read(scratch["x.safetensors.index.json"])
            .ReadInScope(SafeTensors.ReadInScope)
            .Metadata;
        Assert.Equal(("1,2,3", "bgr"), (metadata["mean"], metadata["channel_order"]));
        WeightsException e = Assert.Throws<WeightsException>(() =>
            SafeTensorsIndex.Read(scratch["y.safetensors.index.json"]).ReadInScope(SafeTensors.ReadInScope)
        );
        Assert.Contains("says mean '1,2,4', but that of another file", e.Message, StringComparison.Ordinal);

        void Part(string name, string key, string value) =>
            SafeTensors.Write(
                scratch[name],
                [(name, torch.ones(2))],
                new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value }
            );
    }

    private static (string[] State, string[] Notes) Read(string file)
    {
        using PretrainedWeights weights = WeightsReader.Read(file, MobileNet);
        return (
            [
                .. weights
                    .State.OrderBy(tensor => tensor.Key, StringComparer.Ordinal)
                    .Select(tensor => Digest.Of(tensor.Key, tensor.Value)),
            ],
            [.. weights.Notes]
        );
    }

    private static void AssertRefused(string file, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<WeightsException>(() => WeightsReader.Read(file, MobileNet)).Message,
            StringComparison.Ordinal
        );
}
