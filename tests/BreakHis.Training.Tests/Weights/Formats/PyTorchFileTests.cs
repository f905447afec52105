using System.IO.Compression;
using System.Text;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights.Formats;

public sealed class PyTorchFileTests
{
    [Theory]
    [InlineData("types")]
    [InlineData("legacy")]
    public void Files_saved_by_Pythons_torch_are_read_bit_for_bit(string form)
    {
        using var scratch = new TemporaryFolder();
        PythonReference.Run(
            "numpy, torch, torchvision",
            "torch_save.py",
            form,
            scratch["types.pth"],
            scratch["digests"]
        );
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> tensors = PyTorchFile.Read(scratch["types.pth"]).Tensors;

        Assert.Equal(
            File.ReadLines(scratch["digests"]),
            tensors.Select(t => Digest.Of(t.Key, t.Value)),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void Inception_of_torchvision_is_read_without_its_classifiers()
    {
        using var scratch = new TemporaryFolder();
        PythonReference.Run(
            "numpy, torch, torchvision",
            "torch_save.py",
            "inception_v3",
            scratch["weights"],
            scratch["digests"]
        );
        using PretrainedWeights weights = WeightsReader.Read(scratch["weights"], "inception_v3");
        using Backbone backbone = weights.CreateBackbone();

        Assert.True(weights.Traits.AveragePoolCountsPadding);
        Assert.Equal(Preprocessing.MinusOneToOne, weights.Preprocessing);
        string[] expected =
        [
            .. File.ReadLines(scratch["digests"])
                .Where(l =>
                    !l.StartsWith("fc", StringComparison.Ordinal) && !l.StartsWith("Aux", StringComparison.Ordinal)
                ),
        ];
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            backbone.state_dict().Select(t => Digest.Of(t.Key, t.Value)).Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("collections", "Counter")]
    public void A_hostile_pickle_is_rejected_and_executes_nothing(string module, string function)
    {
        using var scratch = new TemporaryFolder();
        string victim = scratch["victim"];
        string pickle = $"\u0080\u0002c{module}\n{function}\nX{Length($"touch {victim}")}touch {victim}\u0085R.";
        WriteArchive(scratch["hostile"], pickle);

        WeightsException e = Assert.Throws<WeightsException>(() =>
            WeightsReader.Read(scratch["hostile"], "inception_v3")
        );
        Assert.Contains($"{module}.{function}, which is refused", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(victim));
    }

    [Fact]
    public void Hostile_files_written_by_Python_are_rejected_by_name_and_execute_nothing()
    {
        using var scratch = new TemporaryFolder();
        Directory.CreateDirectory(scratch["files"]);
        PythonReference.Run("torch", "hostile_pickles.py", scratch["files"], scratch["marker"]);
        string[] files = Directory.GetFiles(scratch["files"]);

        Assert.Equal(15, files.Length);
        foreach (string file in files)
        {
            string function = Path.GetFileName(file).Split('.')[1];
            if (file.EndsWith(".metadata.zip", StringComparison.Ordinal))
            {
                using DisposeScope scope = NewDisposeScope();
                Assert.EndsWith(
                    $".{function}",
                    Assert.Single(PyTorchFile.Read(file).Ignored),
                    StringComparison.Ordinal
                );
                continue;
            }

            string message = Assert.Throws<WeightsException>(() => WeightsReader.Read(file, "resnet18")).Message;
            Assert.Contains($".{function}, which is refused", message, StringComparison.Ordinal);
        }

        Assert.False(File.Exists(scratch["marker"]));
    }

    [Theory]
    [InlineData("", "incomplete or damaged")]
    [InlineData("K\u0001.", "version is not 1001")]
    [InlineData("M\u00e9\u0003.}.", "not little-endian")]
    [InlineData(
        "M\u00e9\u0003.}X\r\u0000\u0000\u0000little_endian\u0088s.cposix\nsystem\n.].",
        "posix.system, which is refused"
    )]
    public void A_malformed_file_from_before_1_6_is_an_error(string afterMagic, string message)
    {
        byte[] magic = SmallWeights.Legacy()[..15];
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(
            scratch["file"],
            afterMagic.Length == 0 ? magic[..12] : [.. magic, .. Encoding.Latin1.GetBytes(afterMagic)]
        );

        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "resnet18"));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Pickles of Python 2 and the first versions of PyTorch: short texts, pairs passed on creation, parameters as
    /// objects.
    /// </summary>
    [Fact]
    public void The_oldest_forms_of_dictionaries_and_parameters_are_read()
    {
        const string Tensor =
            "ctorch._utils\n_rebuild_tensor\n((U\u0007storagectorch\nFloatStorage\nU\u00010U\u0003cpuK\u0004NtQK\u0000K\u0002K\u0002\u0086K\u0002K\u0001\u0086tR";
        string pairs =
            "\u0080\u0002ccollections\nOrderedDict\n](](U\u0001a"
            + Tensor
            + "e](U\u0001bctorch.nn.parameter\nParameter\n"
            + Tensor
            + "\u0085\u0081(\u0088\u0089ccollections\nOrderedDict\n)Rtbee\u0085R.";
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["file"], SmallWeights.Legacy(pairs));
        using DisposeScope scope = NewDisposeScope();
        IReadOnlyDictionary<string, Tensor> tensors = PyTorchFile.Read(scratch["file"]).Tensors;

        Assert.Equal(["a", "b"], tensors.Keys);
        Assert.All(tensors.Values, t => Assert.Equal([1f, 2, 3, 4], t.data<float>().ToArray()));
    }

    [Fact]
    public void Storages_from_before_1_6_must_be_inside_the_file()
    {
        using var scratch = new TemporaryFolder();
        byte[] whole = SmallWeights.Legacy();
        using DisposeScope scope = NewDisposeScope();
        File.WriteAllBytes(scratch["whole"], whole);
        Assert.Equal(10, PyTorchFile.Read(scratch["whole"]).Tensors["conv1.weight"].sum().item<float>());

        File.WriteAllBytes(scratch["short"], whole[..^1]);
        string dictionary = SmallWeights
            .StateDictionary(6)
            .Replace("K\u0004N", "J\u00ff\u00ff\u00ff\u007fN", StringComparison.Ordinal);
        byte[] claims = SmallWeights.Legacy(dictionary);
        BitConverter.GetBytes((long)int.MaxValue).CopyTo(claims, claims.Length - 24);
        File.WriteAllBytes(scratch["claims"], claims);
        foreach (string file in (string[])["short", "claims"])
        {
            WeightsException e = Assert.Throws<WeightsException>(() => PyTorchFile.Read(scratch[file]));
            Assert.Contains("truncated", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Compressed_entries_are_rejected()
    {
        using var scratch = new TemporaryFolder();
        foreach (string bomb in (string[])["archive/data.pkl", "archive/data/0"])
        {
            string path = scratch[bomb.Replace('/', '_')];
            using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
            {
                if (bomb != "archive/data.pkl")
                {
                    WriteEntry(archive, "archive/data.pkl", Encoding.Latin1.GetBytes(SmallWeights.StateDictionary(5)));
                }

                using Stream stream = archive.CreateEntry(bomb, CompressionLevel.SmallestSize).Open();
                byte[] zeros = new byte[1 << 20];
                for (int i = 0; i < 64; i++)
                {
                    stream.Write(zeros);
                }
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(path, "resnet18"));

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
            Assert.DoesNotContain('\n', e.Message);
        }
    }

    [Theory]
    [InlineData("\u0080\u0002", "incomplete")]
    [InlineData("\u0080\u0002}", "incomplete")]
    [InlineData("\u0080\u0002R.", "incomplete")]
    [InlineData("\u0080\u0002h\u0007.", "incomplete")]
    [InlineData("\u0080\u0002NNR.", "where torch.save writes another")]
    [InlineData("\u0080\u0002N.", "no dictionary")]
    [InlineData(
        "\u0080\u0002}X\u0001\u0000\u0000\u0000aK\u0001s.",
        "none of its entries (a) is a dictionary of tensors"
    )]
    [InlineData("\u0080\u0002i", "opcode 0x69")]
    [InlineData("\u0080\u0002ccollections\nOrderedDict\nK\u0001\u0085R.", "arguments that torch.save does not write")]
    public void A_malformed_pickle_is_an_error(string pickle, string message)
    {
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["broken"], pickle);

        WeightsException e = Assert.Throws<WeightsException>(() =>
            WeightsReader.Read(scratch["broken"], "inception_v3")
        );
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData(4, 0, 2, 1, null)]
    [InlineData(5, 0, 2, 1, "expected 5 numbers")]
    [InlineData(4, 3, 2, 1, "beyond its storage")]
    [InlineData(4, 0, 2, 4, "beyond its storage")]
    public void A_tensor_must_be_inside_its_storage(int count, int offset, int size, int stride, string? message)
    {
        string pickle =
            "\u0080\u0002}X\u0001\u0000\u0000\u0000actorch._utils\n_rebuild_tensor_v2\n("
            + "(X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\nX\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpu"
            + $"K{(char)count}tQK{(char)offset}K{(char)size}\u0085K{(char)stride}\u0085\u0089ccollections\nOrderedDict\n)RtRs.";
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["file"], pickle, new byte[16]);
        using DisposeScope scope = NewDisposeScope();

        if (message is null)
        {
            Assert.Equal([2L], PyTorchFile.Read(scratch["file"]).Tensors["a"].shape);
        }
        else
        {
            WeightsException e = Assert.Throws<WeightsException>(() => PyTorchFile.Read(scratch["file"]));
            Assert.Contains(message, e.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A short pickle could otherwise take all memory.</summary>
    [Fact]
    public void A_list_that_becomes_many_dictionaries_is_refused()
    {
        using var scratch = new TemporaryFolder();
        string pairs = string.Concat(Enumerable.Repeat("](K\u0001K\u0001ea", 2000));
        string dictionaries = string.Concat(Enumerable.Repeat("ccollections\nOrderedDict\nh\u0000\u0085R", 2000));
        WriteArchive(scratch["file"], $"\u0080\u0002]q\u0000{pairs}{dictionaries}.");

        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "inception_v3"));
        Assert.Contains("uses lists more often", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Such a pickle could otherwise join, keep or compare gigabytes of characters.</summary>
    [Theory]
    [InlineData(
        "h\u0000X\u0001\u0000\u0000\u0000b\u00930",
        100,
        "the name of a type or function has more than 1000 characters"
    )]
    [InlineData("h\u0000}h\u0000K\u0001ss", 1, "is a dictionary of tensors")]
    [InlineData("h\u0000}X\u0001\u0000\u0000\u0000wTENSORss", 1100, "it contains more than 1000 state dictionaries")]
    [InlineData("h\u0000}h\u0000TENSORss", 1, "has more than 1000 characters")]
    [InlineData("X\u0001\u0000\u0000\u0000wTENSORs", 100_001, "it has more than 100000 tensors")]
    public void Long_or_many_names_are_refused(string part, int times, string message)
    {
        const string Storage =
            "(X\u0007\u0000\u0000\u0000storagectorch\nFloatStorage\nX\u0001\u0000\u0000\u00000X\u0003\u0000\u0000\u0000cpuK\u0001tQ";
        string name = string.Concat(Enumerable.Repeat("n.", 1 << 17));
        string tensor = $"ctorch._utils\n_rebuild_tensor_v2\n({Storage}K\u0000))\u0089NtRq\u0001";
        string parts = string.Concat(
            Enumerable.Repeat(part.Replace("TENSOR", "h\u0001", StringComparison.Ordinal), times)
        );
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["file"], $"\u0080\u0002X{Length(name)}{name}q\u00000{tensor}0}}{parts}.", new byte[4]);

        long before = GC.GetAllocatedBytesForCurrentThread();
        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "resnet18"));

        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void All_names_of_types_together_are_limited()
    {
        using var scratch = new TemporaryFolder();
        string module = new('m', 900);
        string names = string.Concat(
            Enumerable.Range(0, 10_000).Select(i => $"h\u0000X\u0004\u0000\u0000\u0000{i:d4}\u00930")
        );
        WriteArchive(scratch["file"], $"\u0080\u0002X{Length(module)}{module}q\u00000{names}}}.");

        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "resnet18"));

        Assert.Contains("or all names more than 8388608", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pickle_of_too_many_operations_is_refused()
    {
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["file"], $"\u0080\u0002{new string('}', (1 << 22) + 1)}.");

        WeightsException e = Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["file"], "resnet18"));

        Assert.Contains("more than 4194304 operations", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("archive/data.pkl")]
    [InlineData("archive/data/0")]
    public void A_damaged_entry_is_an_error_that_names_it(string entry)
    {
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["file"], SmallWeights.StateDictionary(5), new byte[16]);
        PyTorchFile.Read(scratch["file"]);
        byte[] bytes = File.ReadAllBytes(scratch["file"]);
        // The content follows the name in the entry's own header.
        int name = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(entry));
        bytes[name + entry.Length + 3] ^= 1;
        File.WriteAllBytes(scratch["file"], bytes);

        WeightsException e = Assert.Throws<WeightsException>(() => PyTorchFile.Read(scratch["file"]));

        Assert.EndsWith(
            $"the checksum of {entry} does not match its bytes, so the file is damaged (copy or download it again) or was saved without checksums (save it with them)",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_truncated_file_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        WriteArchive(scratch["file"], "\u0080\u0002}.");
        File.WriteAllBytes(scratch["short"], File.ReadAllBytes(scratch["file"])[..^30]);

        Assert.Throws<WeightsException>(() => WeightsReader.Read(scratch["short"], "inception_v3"));
    }

    private static void WriteArchive(string path, string pickle, byte[]? storage = null)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        WriteEntry(archive, "archive/data.pkl", Encoding.Latin1.GetBytes(pickle));
        WriteEntry(archive, "archive/data/0", storage ?? []);
    }

    private static void WriteEntry(ZipArchive archive, string name, byte[] content)
    {
        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    private static string Length(string text) => Encoding.Latin1.GetString(BitConverter.GetBytes(text.Length));
}
