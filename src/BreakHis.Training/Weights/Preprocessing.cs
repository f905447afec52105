using System.Diagnostics;
using BreakHis.Specs;
using BreakHis.Training.Weights.Layouts;

namespace BreakHis.Training.Weights;

/// <summary>
/// The preprocessing of images before a network: value = (pixel - mean) * scale, with pixels from 0 to 255. It belongs
/// to the weights.
/// </summary>
/// <param name="Order">The order of the planes.</param>
/// <param name="Mean">The value subtracted from each plane, in grey levels; unused if there is a mean image.</param>
/// <param name="Scale">The factor for each plane.</param>
internal sealed record Preprocessing(ChannelOrder Order, IReadOnlyList<float> Mean, IReadOnlyList<float> Scale)
{
    /// <summary>
    /// x / 127.5 - 1, for Inception V3, as in Keras. torchvision's <c>transform_input</c> is equivalent: it undoes the
    /// normalisation by ImageNet's means and deviations, (x * std + mean - 0.5) / 0.5 with x = (p - mean) / std.
    /// </summary>
    public static Preprocessing MinusOneToOne { get; } = Uniform(ChannelOrder.Rgb, mean: 127.5f, scale: 1 / 127.5f);

    /// <summary>
    /// (p / 255 - mean) / deviation, with ImageNet's means and deviations, as in torchvision's weights except Inception
    /// V3.
    /// </summary>
    public static Preprocessing Torchvision { get; } =
        new(
            ChannelOrder.Rgb,
            [0.485f * 255, 0.456f * 255, 0.406f * 255],
            [1 / (0.229f * 255), 1 / (0.224f * 255), 1 / (0.225f * 255)]
        );

    /// <summary>The preprocessing that a spec gives.</summary>
    public static Preprocessing Of(PreprocessingSpec given)
    {
        float unit = byte.MaxValue / given.Range;
        return new(
            given.ChannelOrder,
            [.. given.Mean.Select(mean => (float)mean * unit)],
            [.. given.Std.Select(std => 1 / ((float)std * unit))]
        );
    }

    /// <summary>The image to subtract instead of <see cref="Mean"/>, resized if the input has another size.</summary>
    public MeanImage? MeanImage { get; init; }

    /// <summary>The same mean and scale for every plane.</summary>
    /// <param name="mean">In grey levels.</param>
    public static Preprocessing Uniform(ChannelOrder order, float mean, float scale) =>
        new(order, [mean, mean, mean], [scale, scale, scale]);

    /// <summary>
    /// The same preprocessing for images of one size. Resizes the mean image once, instead of on every call.
    /// </summary>
    public Preprocessing ForSize(int height, int width) =>
        MeanImage is null ? this : this with { MeanImage = MeanImage.Resize(height, width) };

    /// <summary>Converts an image to a network's input.</summary>
    /// <param name="rgb">Height x width x 3 bytes: red, green, blue of each pixel, row by row.</param>
    /// <param name="nchw">3 x height x width values: this image's slice of a batch N x C x H x W.</param>
    /// <exception cref="ArgumentException">A length does not match height and width.</exception>
    public void Apply(ReadOnlySpan<byte> rgb, int height, int width, Span<float> nchw)
    {
        if (rgb.Length != 3 * height * width || nchw.Length != rgb.Length)
        {
            throw new ArgumentException(
                $"{rgb.Length} bytes and {nchw.Length} values for 3 x {height} x {width}.",
                nameof(rgb)
            );
        }

        MeanImage? image = MeanImage?.Resize(height, width);
        for (int plane = 0; plane < 3; plane++)
        {
            ReadOnlySpan<byte> pixels = rgb[Channel(plane)..];
            Span<float> values = nchw.Slice(plane * height * width, height * width);
            if (image is null)
            {
                Normalize(pixels, Mean[plane], Scale[plane], values);
            }
            else
            {
                Normalize(pixels, image.Plane(plane), Scale[plane], values);
            }
        }
    }

    /// <summary>Returns the index of a plane's channel in a pixel of red, green and blue.</summary>
    private int Channel(int plane) =>
        Order switch
        {
            ChannelOrder.Rgb => plane,
            ChannelOrder.Bgr => 2 - plane,
            _ => throw new UnreachableException($"unknown: {Order}"),
        };

    private static void Normalize(ReadOnlySpan<byte> pixels, float mean, float scale, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (pixels[3 * i] - mean) * scale;
        }
    }

    private static void Normalize(ReadOnlySpan<byte> pixels, ReadOnlySpan<float> mean, float scale, Span<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (pixels[3 * i] - mean[i]) * scale;
        }
    }
}
