using System.Runtime.InteropServices;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using BreakHis.Training.Weights.Formats;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Layouts;

public sealed class KerasInceptionV3Tests
{
    private const int Size = 299;

    [Fact]
    public void Features_of_real_images_match_Pythons_torch()
    {
        string folder = SharedFolder.Get("weights/inception_v3_keras");
        IReadOnlyList<byte[]> pictures = SampleImages.Crops(Size);
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["pictures"], [.. pictures.SelectMany(p => p)]);
        PythonReference.Run(
            "numpy, torch, torchvision",
            "inception_v3_keras.py",
            folder,
            scratch["pictures"],
            $"{Size}",
            scratch["features"]
        );
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(scratch["features"])).ToArray();

        using PretrainedWeights weights = WeightsReader.Read(folder, "inception_v3");
        using Backbone backbone = weights.CreateBackbone();
        float[] found = [.. pictures.SelectMany(p => Features.Pooled(backbone, weights.Preprocessing, p, Size))];

        Closeness.Assure(expected, found, 1e-4);
    }

    [Fact]
    public void Features_from_files_written_by_h5py_match_Pythons_torch()
    {
        string layers = SharedFolder.Get("keras-layers.tsv");
        byte[] picture = SampleImages.Crops(Size)[0];
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["pictures"], picture);
        PythonReference.Run("h5py, torch, torchvision", "keras_file.py", scratch.Path, layers, $"{Size}");
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(scratch["features"])).ToArray();

        foreach (string file in (string[])["weights.h5", "model.h5"])
        {
            using PretrainedWeights weights = WeightsReader.Read(scratch[file], "inception_v3");
            using Backbone backbone = weights.CreateBackbone();

            Assert.Equal(BackboneTraits.Keras, weights.Traits);
            Closeness.Assure(expected, Features.Pooled(backbone, weights.Preprocessing, picture, Size), 1e-4);
        }

        string[] state = States(scratch["weights.h5"]);
        Assert.All(Directory.GetFiles(scratch["same"]), file => Assert.Equal(state, States(file)));
        Assert.Equal(8, Directory.GetFiles(scratch["same"]).Length);
        AssertRefused(scratch["bad/theano.h5"], "conv2d_95/kernel has shape [32, 3, 3, 3]");
        AssertRefused(scratch["bad/few.weights.h5"], "layers conv2d (");
        foreach (string file in Directory.GetFiles(scratch["bad"], "*twice*"))
        {
            AssertRefused(file, "several networks like Inception V3");
        }
    }

    private static string[] States(string file)
    {
        using PretrainedWeights weights = WeightsReader.Read(file, "inception_v3");
        Assert.Equal(Path.GetFileName(file) is "model.keras" or "weights.h5" ? 0 : 1, weights.Notes.Count);
        return
        [
            .. weights
                .State.OrderBy(t => t.Key, StringComparer.Ordinal)
                .Select(tensor => Digest.Of(tensor.Key, tensor.Value)),
        ];
    }

    private static void AssertRefused(string file, string reason) =>
        Assert.Contains(
            reason,
            Assert.Throws<WeightsException>(() => WeightsReader.Read(file, "inception_v3")).Message,
            StringComparison.Ordinal
        );

    /// <summary>HDF5 has links and data sets that refer to other files. Nothing may be read from those.</summary>
    [Theory]
    [InlineData("link", "UnresolvedLink")]
    [InlineData("data", "lies outside the file")]
    [InlineData("virtual", "is stored in another file")]
    [InlineData("compressed", "lies outside the file")]
    public async Task Data_outside_the_file_is_rejected(string way, string reason)
    {
        using var scratch = new TemporaryFolder();
        PythonReference.Run("h5py", "keras_elsewhere.py", scratch.Path, way);
        File.Delete(scratch["other"]);
        NamedPipe.Make(scratch["other"]);

        // Whoever opens a pipe waits for the other end.
        Task<WeightsException> refused = Task.Run(() =>
            Assert.Throws<WeightsException>(() => KerasFile.Read(scratch["weights.h5"]))
        );
        WeightsException e = await refused.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Average_pools_exclude_their_padding()
    {
        string folder = SharedFolder.Get("weights/inception_v3_keras");
        using PretrainedWeights weights = WeightsReader.Read(folder, "inception_v3");
        using Backbone right = weights.CreateBackbone();
        using Backbone wrong = (weights with { Traits = new BackboneTraits(true) }).CreateBackbone();
        byte[] picture = SampleImages.Crops(Size)[0];

        double difference = Closeness.Relative(
            Features.Pooled(right, weights.Preprocessing, picture, Size),
            Features.Pooled(wrong, weights.Preprocessing, picture, Size)
        );
        Assert.True(difference > 0.01, $"the difference is {difference}");
    }
}
