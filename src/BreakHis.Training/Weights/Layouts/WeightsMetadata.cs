using System.Globalization;
using BreakHis.Specs;
using BreakHis.Training.Backbones;

namespace BreakHis.Training.Weights.Layouts;

/// <summary>
/// The metadata of weights in our .safetensors files, as text by name: <c>backbone</c>, <c>origin</c>,
/// <c>average_pool</c> (counts_padding or excludes_padding), <c>batch_norms_scale</c> (true or false),
/// <c>channel_order</c> (rgb or bgr), <c>mean</c> and <c>scale</c> (three numbers each). A mean image is a tensor of
/// the file.
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
    private const string ExcludesPadding = "excludes_padding";
    private const string CountsPadding = "counts_padding";

    /// <summary>The keys without which a file does not say how images are preprocessed, in words.</summary>
    public const string Needed = $"{Order}, {Mean} and {Scale}";

    /// <summary>The metadata of some weights.</summary>
    public static Dictionary<string, string> Of(PretrainedWeights weights) =>
        new(StringComparer.Ordinal)
        {
            [Backbone] = weights.Backbone,
            [Origin] = weights.Origin,
            [BatchNormsScale] = weights.Traits.BatchNormsScale ? "true" : "false",
            [AveragePool] = weights.Traits.AveragePoolCountsPadding ? CountsPadding : ExcludesPadding,
            [Order] = Word(weights.Preprocessing.Order),
            [Mean] = Text(weights.Preprocessing.Mean),
            [Scale] = Text(weights.Preprocessing.Scale),
            [Source] = weights.IsAssumed ? Assumed : "known",
        };

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
            _ => throw new ArgumentOutOfRangeException(nameof(order)),
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
