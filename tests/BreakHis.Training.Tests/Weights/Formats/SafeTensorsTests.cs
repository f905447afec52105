using System.Text;
using BreakHis.Testing;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace BreakHis.Training.Tests.Weights.Formats;

public sealed class SafeTensorsTests
{
    [Fact]
    public void An_empty_tensor_of_a_huge_shape_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        const string Header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[0,4611686018427387904,8],\"data_offsets\":[0,0]}}";
        File.WriteAllBytes(
            scratch["file"],
            [.. BitConverter.GetBytes((long)Header.Length), .. System.Text.Encoding.ASCII.GetBytes(Header)]
        );

        Assert.Throws<WeightsException>(() => SafeTensors.Read(scratch["file"]));
    }

    [Fact]
    public void A_tensor_of_more_bytes_than_can_be_read_is_an_error()
    {
        using var scratch = new TemporaryFolder();
        const string Header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[536870912],\"data_offsets\":[0,2147483648]}}";
        using (FileStream file = File.Create(scratch["file"]))
        {
            file.Write([.. BitConverter.GetBytes((long)Header.Length), .. Encoding.ASCII.GetBytes(Header)]);
            file.SetLength(file.Length + 2147483648);
        }

        string message = Assert.Throws<WeightsException>(() => SafeTensors.Read(scratch["file"])).Message;
        Assert.EndsWith("at most 2,147,483,647 bytes can be read", message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, string> Metadata = new(StringComparer.Ordinal)
    {
        ["note"] = "ä \"quoted\" 中",
        ["epoch"] = "3",
    };

    [Fact]
    public void Written_tensors_are_read_bit_for_bit()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scratch = new TemporaryFolder();
        (string Name, Tensor Tensor)[] tensors = Tensors();
        SafeTensors.Write(scratch["file"], tensors, Metadata);
        using SafeTensorsContent content = SafeTensors.Read(scratch["file"]);

        Assert.Equal(Digests(tensors), Digests(content.Tensors.Select(t => (t.Key, t.Value))), StringComparer.Ordinal);
        Assert.All(tensors, t => Assert.Equal(t.Tensor.dtype, content.Tensors[t.Name].dtype));
        Assert.Equivalent(Metadata, content.Metadata, strict: true);
    }

    [Fact]
    public void A_Python_reader_of_the_published_format_reads_written_files()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scratch = new TemporaryFolder();
        SafeTensors.Write(scratch["file"], Tensors(), Metadata);
        PythonReference.Run("numpy, torch, torchvision", "safetensors_digests.py", scratch["file"], scratch["digests"]);

        Assert.Equal(
            Metadata.Select(m => $"{m.Key}={m.Value}").Order(StringComparer.Ordinal).Concat(Digests(Tensors())),
            File.ReadLines(scratch["digests"]),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes_in_any_order_without_extra_files()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scratch = new TemporaryFolder();
        SafeTensors.Write(scratch["a"], Tensors(), Metadata);
        SafeTensors.Write(scratch["b"], Tensors(), Metadata.Reverse().ToDictionary(StringComparer.Ordinal));
        SafeTensors.Write(scratch["c"], Tensors().Reverse(), Metadata);

        Assert.Equal(File.ReadAllBytes(scratch["a"]), File.ReadAllBytes(scratch["b"]));
        Assert.Equal(File.ReadAllBytes(scratch["a"]), File.ReadAllBytes(scratch["c"]));
        Assert.Equal(3, Directory.GetFiles(scratch[""]).Length);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file_intact()
    {
        using DisposeScope scope = NewDisposeScope();
        using var scratch = new TemporaryFolder();
        SafeTensors.Write(scratch["file"], Tensors());
        byte[] before = File.ReadAllBytes(scratch["file"]);

        Assert.ThrowsAny<Exception>(() => SafeTensors.Write(scratch["file"], [("a", ones(1)), ("a", ones(1))]));
        Assert.Equal(before, File.ReadAllBytes(scratch["file"]));
        Assert.Single(Directory.GetFiles(scratch[""]));
    }

    [Theory]
    [InlineData("", 0, "truncated")]
    [InlineData("{", 0, "not that of a safetensors file")]
    [InlineData("[]", 0, "not that of a safetensors file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "does not take 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", 8, "does not take 8 bytes")]
    [InlineData(
        """{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,0]}}""",
        0,
        "does not take 0 bytes"
    )]
    [InlineData("""{"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}}""", 8, "unknown type F8")]
    [InlineData("""{"a":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}""", 12, "expected from 0 on")]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}""",
        12,
        "expected from 8 on"
    )]
    [InlineData(
        """{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""",
        8,
        "not that of a safetensors file"
    )]
    [InlineData("""{"a":{"dtype":"U8","shape":[8]}}""", 8, "not that of a safetensors file")]
    public void An_inconsistent_file_is_an_error(string header, int bytes, string message)
    {
        using var scratch = new TemporaryFolder();
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = BitConverter.GetBytes((long)(header.Length == 0 ? 1000 : json.Length));
        File.WriteAllBytes(scratch["file"], [.. length, .. json, .. new byte[bytes]]);

        WeightsException e = Assert.Throws<WeightsException>(() => SafeTensors.Read(scratch["file"]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static (string Name, Tensor Tensor)[] Tensors() =>
        [
            ("z.float", arange(6).to_type(ScalarType.Float32).reshape(2, 3).t() / 7),
            ("half", linspace(-1, 1, 5).to_type(ScalarType.Float16)),
            ("brain", linspace(-1, 1, 3).to_type(ScalarType.BFloat16)),
            ("double", linspace(0, 1, 3, ScalarType.Float64)),
            ("long", tensor(long.MinValue)),
            ("int", tensor(new[] { 1, -2 })),
            ("short", tensor(new short[] { 1, -2 })),
            ("sbyte", tensor(new sbyte[] { 1, -2 })),
            ("byte", tensor(new byte[] { 1, 200 })),
            ("bool", tensor(new[] { true, false, true })),
            ("none", empty(0, 3)),
        ];

    private static IEnumerable<string> Digests(IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        tensors.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => Digest.Of(t.Name, t.Tensor));
}
