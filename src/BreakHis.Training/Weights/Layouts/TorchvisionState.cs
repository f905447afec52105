using BreakHis.Specs;
using BreakHis.Training.Backbones;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// Converts a state dictionary from torchvision to ours: omits classifiers and batch counters, and renames convolutions
/// and batch norms. Names are those in torchvision's models/resnet.py, mobilenetv2.py, inception.py.
/// </summary>
/// <param name="Tensors">Tensors by our names; unknown ones keep their names.</param>
/// <param name="FileNames">Names in the file by our names, for error messages.</param>
internal sealed record TorchvisionState(
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, string> FileNames
)
{
    private static readonly string[] NormParts = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Whether torchvision has the backbone.</summary>
    public static bool Has(string backbone) => backbone != BackboneFacts.ResNet18MlNet.Name;

    /// <summary>The state of a backbone for which <see cref="Has"/> is true.</summary>
    public static TorchvisionState Of(string backbone, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var shapes = Backbone.Create(backbone, BackboneTraits.Default, META);
        Dictionary<string, string> theirs = Names(shapes);
        var ours = theirs.ToDictionary(n => n.Value, n => n.Key, StringComparer.Ordinal);
        return new TorchvisionState(
            tensors
                .Where(t => !IsClassifiers(t.Key, backbone) && !BackboneState.IsCounter(t.Key))
                .ToDictionary(t => ours.GetValueOrDefault(t.Key, t.Key), t => t.Value, StringComparer.Ordinal),
            theirs
        );
    }

    private static bool IsClassifiers(string name, string backbone)
    {
        string[] parts =
            backbone == BackboneFacts.InceptionV3.Name ? ["AuxLogits.", "fc."]
            : backbone == BackboneFacts.MobileNetV2.Name ? ["classifier."]
            : ["fc."];
        return parts.Any(p => name.StartsWith(p, StringComparison.Ordinal));
    }

    private static Dictionary<string, string> Names(Backbone backbone)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var units = backbone.Units().Select(u => u.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string unit in units)
        {
            (string convolution, string norm) = Theirs(unit, units);
            names.Add($"{unit}.conv.weight", $"{convolution}.weight");
            foreach (string part in NormParts)
            {
                names.Add($"{unit}.bn.{part}", $"{norm}.{part}");
            }
        }

        return names;
    }

    private static (string Convolution, string Norm) Theirs(string unit, IReadOnlySet<string> units)
    {
        string block = unit[..Math.Max(0, unit.LastIndexOf('.'))];
        string feature = block.Replace('_', '.') + ".conv.";
        bool expanded = units.Contains($"{block}.expand");
        return unit[(unit.LastIndexOf('.') + 1)..] switch
        {
            "unit" => ("conv1", "bn1"),
            "first" => ($"{block}.conv1", $"{block}.bn1"),
            "second" => ($"{block}.conv2", $"{block}.bn2"),
            "third" => ($"{block}.conv3", $"{block}.bn3"),
            "projection" => ($"{block}.downsample.0", $"{block}.downsample.1"),
            "expand" => (feature + "0.0", feature + "0.1"),
            "depthwise" => expanded ? (feature + "1.0", feature + "1.1") : (feature + "0.0", feature + "0.1"),
            "project" => expanded ? (feature + "2", feature + "3") : (feature + "1", feature + "2"),
            "features_0" or "features_18" => (unit.Replace('_', '.') + ".0", unit.Replace('_', '.') + ".1"),
            _ => ($"{unit}.conv", $"{unit}.bn"),
        };
    }
}
