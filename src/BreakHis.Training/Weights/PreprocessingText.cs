using System.Diagnostics;
using System.Globalization;
using BreakHis.Specs;
using static System.FormattableString;

namespace BreakHis.Training.Weights;

/// <summary>The preprocessing of images in words.</summary>
internal static class PreprocessingText
{
    /// <summary>
    /// The order of the planes, and the formula with six digits, for x from 0 to 255: <c>RGB, (x - 127.5) *
    /// 0.00784314</c>.
    /// </summary>
    public static string Of(Preprocessing preprocessing)
    {
        string order = preprocessing.Order switch
        {
            ChannelOrder.Rgb => "RGB",
            ChannelOrder.Bgr => "BGR",
            _ => throw new UnreachableException($"unknown: {preprocessing.Order}"),
        };
        string mean = preprocessing.MeanImage is { } image
            ? Invariant($"mean image of {image.Height} x {image.Width}")
            : Numbers(preprocessing.Mean);
        return preprocessing.Scale.All(scale => scale == 1)
            ? $"{order}, x - {mean}"
            : $"{order}, (x - {mean}) * {Numbers(preprocessing.Scale)}";
    }

    private static string Numbers(IReadOnlyList<float> values)
    {
        string[] texts = [.. values.Select(v => v.ToString("G6", CultureInfo.InvariantCulture))];
        return texts.Distinct(StringComparer.Ordinal).Count() == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
    }
}
