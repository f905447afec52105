using System.Runtime.InteropServices;
using BreakHis.Testing;
using BreakHis.Training.Backbones;
using BreakHis.Training.Weights;
using Xunit;

namespace BreakHis.Training.Tests.Weights.Layouts;

/// <summary>Weights files written by Python give the same features as in Python's torchvision.</summary>
public sealed class TorchvisionTests
{
    [Theory]
    [InlineData("resnet18", 224)]
    [InlineData("resnet50", 224)]
    [InlineData("mobilenet_v2", 224)]
    [InlineData("inception_v3", 299)]
    public void Features_of_a_real_image_match_Pythons_torchvision(string name, int size)
    {
        byte[][] pictures = [.. SampleImages.Crops(size).Take(1)];
        using var scratch = new TemporaryFolder();
        File.WriteAllBytes(scratch["pictures"], [.. pictures.SelectMany(p => p)]);
        PythonReference.Run("numpy, torch, torchvision", "torchvision_features.py", scratch.Path, name, $"{size}");
        float[] expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(scratch[$"{name}.features"])).ToArray();

        foreach (string format in (string[])["zip", "legacy", "safetensors"])
        {
            using PretrainedWeights weights = WeightsReader.Read(scratch[$"{name}.{format}"], name);
            using Backbone backbone = weights.CreateBackbone();
            float[] found = [.. pictures.SelectMany(p => Features.Pooled(backbone, weights.Preprocessing, p, size))];

            Closeness.Assure(expected, found, 1e-4);
        }
    }
}
