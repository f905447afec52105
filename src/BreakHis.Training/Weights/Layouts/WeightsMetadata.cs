using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BreakHis.Specs;
using BreakHis.Training.Backbones;
using BreakHis.Wording;
using static TorchSharp.torch;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// The metadata of weights in our .safetensors files, as text by name: <c>backbone</c>, <c>origin</c>,
/// <c>average_pool</c> (counts_padding or excludes_padding), <c>batch_norms_scale</c> (true or false),
/// <c>channel_order</c> (rgb or bgr), <c>mean</c> and <c>scale</c> (three numbers each), <c>preprocessing</c> (assumed
/// or known), <c>trained_at</c> (pixels), <c>classes</c> (a JSON array, if the file has a head). A mean image is a
/// tensor of the file.
/// </summary>
internal static class WeightsMetadata
{
    /// <summary>The name of the mean image's tensor, 3 x height x width.</summary>
    public const string MeanImage = "preprocessing.mean_image";

    /// <summary>The key of the backbone that the weights belong to.</summary>
    public const string Backbone = "backbone";

    /// <summary>The key of where the weights come from.</summary>
    public const string Origin = "origin";

    private const string AveragePool = "average_pool";
    private const string BatchNormsScale = "batch_norms_scale";
    private const string Order = "channel_order";
    private const string Mean = "mean";
    private const string Scale = "scale";
    private const string Source = "preprocessing";
    private const string Assumed = "assumed";
    private const string Known = "known";
    private const string Classes = "classes";
    private const string Size = "trained_at";
    private const string ExcludesPadding = "excludes_padding";
    private const string CountsPadding = "counts_padding";

    /// <summary>The keys without which a file does not say how images are preprocessed, in words.</summary>
    public const string Needed = $"{Order}, {Mean} and {Scale}";

    /// <summary>The metadata of some weights.</summary>
    public static Dictionary<string, string> Of(PretrainedWeights weights)
    {
        Dictionary<string, string> metadata = Of(
            weights.Backbone,
            weights.Traits,
            weights.Preprocessing,
            weights.TrainedAt
        );
        metadata[Origin] = weights.Origin;
        metadata[Source] = weights.IsAssumed ? Assumed : Known;
        if (weights.Head is { } head)
        {
            metadata[Classes] = JsonSerializer.Serialize(head.Layers.Classes);
        }

        return metadata;
    }

    /// <summary>The metadata of a network that a run trains, without origin and classes.</summary>
    /// <param name="trainedAt">Height and width of its images, or null if unknown.</param>
    public static Dictionary<string, string> Of(
        string backbone,
        BackboneTraits traits,
        Preprocessing preprocessing,
        int? trainedAt
    )
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Backbone] = backbone,
            [BatchNormsScale] = traits.BatchNormsScale ? "true" : "false",
            [AveragePool] = traits.AveragePoolCountsPadding ? CountsPadding : ExcludesPadding,
            [Order] = Word(preprocessing.Order),
            [Mean] = Text(preprocessing.Mean),
            [Scale] = Text(preprocessing.Scale),
            [Source] = Known,
        };
        if (trainedAt is int size)
        {
            metadata[Size] = Digits.Of(size);
        }

        return metadata;
    }

    /// <summary>The tensors that belong to the metadata: the mean image, if there is one.</summary>
    public static IEnumerable<(string Name, Tensor Tensor)> Tensors(Preprocessing preprocessing) =>
        preprocessing.MeanImage is { } image ? [(MeanImage, tensor(image.Values, [3, image.Height, image.Width]))] : [];

    /// <summary>The image size that a file says its weights were trained at, or null.</summary>
    public static int? TrainedAt(IReadOnlyDictionary<string, string> metadata, string file) =>
        metadata.GetValueOrDefault(Size) is not string text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0 ? size
        : throw new WeightsException($"{file}: {Size} is '{text}', expected a number of pixels");

    /// <summary>The classes that a file names for its head, or null.</summary>
    public static IReadOnlyList<string>? ClassesOf(IReadOnlyDictionary<string, string> metadata, string file) =>
        metadata.GetValueOrDefault(Classes) is string text ? ClassNames(text, file) : null;

    /// <summary>Reads class names from a JSON array.</summary>
    public static IReadOnlyList<string> ClassNames(string json, string file)
    {
        string wrong = $"{file}: {Classes} is not a list of names";
        try
        {
            string?[] names = JsonSerializer.Deserialize<string?[]>(json) ?? [];
            return names.Length > 0 && !names.Contains(null)
                ? [.. names.OfType<string>()]
                : throw new WeightsException(wrong);
        }
        catch (JsonException e)
        {
            throw new WeightsException(wrong, e);
        }
    }

    /// <summary>Whether the file says that its preprocessing was assumed when it was written.</summary>
    public static bool IsAssumed(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(Source) == Assumed;

    /// <summary>The traits that a file specifies; PyTorch's behaviour for those it does not.</summary>
    public static BackboneTraits Traits(IReadOnlyDictionary<string, string> metadata, string file) =>
        metadata.GetValueOrDefault(AveragePool) switch
        {
            null => BackboneTraits.Default,
            CountsPadding => BackboneTraits.Default with { BatchNormsScale = Scales(metadata) },
            ExcludesPadding => BackboneTraits.Keras with { BatchNormsScale = Scales(metadata) },
            var other => throw new WeightsException(
                $"{file}: {AveragePool} is '{other}', expected {CountsPadding} or {ExcludesPadding}"
            ),
        };

    /// <summary>The preprocessing that a file specifies, without its mean image; null if it specifies none.</summary>
    public static Preprocessing? Preprocessing(IReadOnlyDictionary<string, string> metadata, string file)
    {
        if (!metadata.TryGetValue(Order, out string? order))
        {
            return null;
        }

        ChannelOrder[] named = [.. Enum.GetValues<ChannelOrder>().Where(known => Word(known) == order)];
        return named.Length == 1
            ? new Preprocessing(named[0], Numbers(metadata, Mean, file), Numbers(metadata, Scale, file))
            : throw new WeightsException($"{file}: {Order} is '{order}', expected rgb or bgr");
    }

    private static string Word(ChannelOrder order) =>
        order switch
        {
            ChannelOrder.Rgb => "rgb",
            ChannelOrder.Bgr => "bgr",
            _ => throw new UnreachableException($"unknown: {order}"),
        };

    private static bool Scales(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(BatchNormsScale) != "false";

    private static string Text(IReadOnlyList<float> numbers) =>
        string.Join(',', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture)));

    private static float[] Numbers(IReadOnlyDictionary<string, string> metadata, string key, string file)
    {
        string text = metadata.GetValueOrDefault(key, "");
        float[] numbers =
        [
            .. text.Split(',')
                .Select(n => float.TryParse(n, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)
                .Where(float.IsFinite),
        ];
        return numbers.Length == 3
            ? numbers
            : throw new WeightsException($"{file}: {key} is '{text}', expected three numbers separated by commas");
    }
}
