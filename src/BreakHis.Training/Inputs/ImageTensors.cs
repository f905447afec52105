using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Numerics;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Weights;
using static TorchSharp.torch;

namespace BreakHis.Training.Inputs;

/// <summary>
/// Reads images, resizes them, applies augmentation and then the preprocessing of the backbone's weights.
/// </summary>
/// <param name="images">The images of the plan.</param>
/// <param name="pictures">Their pixels.</param>
/// <param name="size">Height and width in pixels.</param>
/// <param name="device">The device for batches: cpu or cuda.</param>
internal sealed class ImageTensors(
    IReadOnlyList<PlannedImage> images,
    PictureSource pictures,
    Preprocessing preprocessing,
    int size,
    ResizeFilter resize,
    string device
)
{
    private readonly Preprocessing _preprocessing = preprocessing.ForSize(size, size);

    /// <summary>Reads a batch of images.</summary>
    /// <param name="batch">Indices into the plan's images.</param>
    /// <param name="change">Augments the image of a path, or null.</param>
    /// <returns>N×3×S×S, float32, on the plan's device, in the caller's dispose scope.</returns>
    public Tensor Read(IReadOnlyList<int> batch, Func<string, Picture, Picture>? change = null)
    {
        int length = 3 * size * size;
        float[] values = new float[batch.Count * length];
        ParallelWork.ForEach(batch.Count, Read, CancellationToken.None);
        return tensor(values, [batch.Count, 3, size, size], device: new Device(device));

        void Read(int i)
        {
            Picture picture = Prepare(images[batch[i]].Path, change);
            _preprocessing.Apply(picture.Rgb, size, size, values.AsSpan(i * length, length));
        }
    }

    private Picture Prepare(string path, Func<string, Picture, Picture>? change)
    {
        Picture picture = Resampling.Resize(pictures(path), size, size, resize);
        return change is null ? picture : change(path, picture);
    }
}
