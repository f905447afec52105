using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// Converts a state dictionary from torchvision to ours: omits classifiers and batch counters, and renames convolutions
/// and batch norms. Names are those in torchvision's models/resnet.py, mobilenetv2.py, inception.py.
/// </summary>
/// <param name="Tensors">Tensors by our names; unknown ones by their name in the file, in quotes.</param>
/// <param name="FileNames">Names in the file by our names, for error messages.</param>
/// <param name="Prefix">What all names of the backbone begin with in the file, such as module.; often empty.</param>
/// <param name="Unused">Names in the file without the prefix.</param>
internal sealed record TorchvisionState(
    IReadOnlyDictionary<string, Tensor> Tensors,
    IReadOnlyDictionary<string, string> FileNames,
    string Prefix,
    IReadOnlyList<string> Unused
)
{
    private static readonly string[] NormParts = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>Whether torchvision has the backbone.</summary>
    public static bool Has(string backbone) => backbone != BackboneFacts.ResNet18MlNet.Name;

    /// <summary>The state of a backbone for which <see cref="Has"/> is true.</summary>
    /// <param name="tensors">Tensors by torchvision's names. Wrappers such as DataParallel put a prefix before them.</param>
    /// <exception cref="WeightsException">The file contains another network, or this one several times.</exception>
    public static TorchvisionState Of(string backbone, IReadOnlyDictionary<string, Tensor> tensors, string file)
    {
        using var shapes = Backbone.Create(backbone, BackboneTraits.Default, META);
        Dictionary<string, string> theirs = Names(shapes);
        string prefix = PrefixOf(theirs.Values.ToHashSet(StringComparer.Ordinal), tensors, backbone, file);
        var ours = theirs.ToDictionary(n => prefix + n.Value, n => n.Key, StringComparer.Ordinal);
        ILookup<bool, KeyValuePair<string, Tensor>> isBelow = tensors
            .Where(t => !BackboneState.IsCounter(t.Key))
            .ToLookup(t => t.Key.StartsWith(prefix, StringComparison.Ordinal));
        return new TorchvisionState(
            isBelow[true]
                .Where(t => !IsClassifiers(t.Key[prefix.Length..], backbone))
                .ToDictionary(t => ours.GetValueOrDefault(t.Key, $"'{t.Key}'"), t => t.Value, StringComparer.Ordinal),
            theirs.ToDictionary(n => n.Key, n => prefix + n.Value, StringComparer.Ordinal),
            prefix,
            [.. isBelow[false].Select(t => t.Key).Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>Finds the prefix below which a file has most names of a network, or most of its own are such names.</summary>
    private static string PrefixOf(
        HashSet<string> names,
        IReadOnlyDictionary<string, Tensor> tensors,
        string backbone,
        string file
    )
    {
        int longest = names.Max(name => name.Length);
        // A part of a network is one too: the error is then about what is missing.
        int most = Math.Min(names.Count, tensors.Keys.Count(name => !BackboneState.IsCounter(name))) / 2;
        (string Prefix, int Found)[] likely =
        [
            .. tensors
                .Keys.SelectMany(key => Ends(key, longest).Where(names.Contains).Select(name => key[..^name.Length]))
                .CountBy(prefix => prefix, StringComparer.Ordinal)
                .Select(prefix => (prefix.Key, prefix.Value))
                .Where(prefix => prefix.Value > most)
                .OrderByDescending(prefix => prefix.Value)
                .ThenBy(prefix => prefix.Key, StringComparer.Ordinal),
        ];
        return likely switch
        {
            [var only] => only.Prefix,
            [var best, var next, ..] when best.Found > next.Found => best.Prefix,
            [] => throw new WeightsException(
                $"{file}: contains {Plural.Of(tensors.Count, "tensor")} ({Listing.Words([.. tensors.Keys], shown: 3)}), which are not those of torchvision's {backbone} ({Listing.Words([.. names], shown: 3)})"
            ),
            _ => throw new WeightsException(
                $"{file}: contains a {backbone} several times, below {Listing.Words([.. likely.Select(l => l.Prefix.Length == 0 ? "no prefix" : l.Prefix)])}; save one of them alone"
            ),
        };
    }

    /// <summary>
    /// Returns a name, and what is left of it without its first part, its first two, and so on, if it is not longer than
    /// <paramref name="longest"/>.
    /// </summary>
    private static IEnumerable<string> Ends(string name, int longest)
    {
        for (int at = 0; at >= 0; at = name.IndexOf('.', at) is >= 0 and int dot ? dot + 1 : -1)
        {
            if (name.Length - at <= longest)
            {
                yield return name[at..];
            }
        }
    }

    private static bool IsClassifiers(string name, string backbone)
    {
        string[] parts =
            backbone == BackboneFacts.InceptionV3.Name ? ["AuxLogits.", "fc."]
            : backbone == BackboneFacts.MobileNetV2.Name ? ["classifier."]
            : ["fc."];
        return parts.Any(p => name.StartsWith(p, StringComparison.Ordinal));
    }

    /// <summary>Returns torchvision's names of a backbone's tensors, by our names.</summary>
    internal static Dictionary<string, string> Names(Backbone backbone)
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
