using BreakHis.Testing;
using SkiaSharp;
using Xunit;

namespace BreakHis.Training.Tests;

/// <summary>The centre of each of the ten real images, as RGB bytes.</summary>
internal static class SampleImages
{
    public static IReadOnlyList<byte[]> Crops(int size)
    {
        string folder = SharedFolder.Get("breakhis/sample");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)];
        Array.Sort(files, StringComparer.Ordinal);
        Assert.Equal(10, files.Length);
        return [.. files.Select(f => Crop(f, size))];
    }

    private static byte[] Crop(string file, int size)
    {
        using var picture = SKBitmap.Decode(file, new SKImageInfo(700, 460, SKColorType.Rgba8888));
        ReadOnlySpan<byte> rgba = picture.GetPixelSpan();
        int left = (picture.Width - size) / 2;
        int top = (picture.Height - size) / 2;
        byte[] rgb = new byte[3 * size * size];
        for (int i = 0; i < size * size; i++)
        {
            int source = 4 * ((top + i / size) * picture.Width + left + i % size);
            rgba.Slice(source, 3).CopyTo(rgb.AsSpan(3 * i));
        }

        return rgb;
    }
}
