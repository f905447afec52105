using BreakHis.Data;
using BreakHis.Data.Pictures;
using BreakHis.Data.Sources;
using BreakHis.Plans;
using BreakHis.Specs;
using BreakHis.Training.Augmentation;
using BreakHis.Training.Weights;
using static TorchSharp.torch;

namespace BreakHis.Training.Inputs;

/// <summary>Reads images, resizes, changes and prepares them as a backbone's weights ask.</summary>
internal sealed class ImageTensors(
    Plan plan,
    PictureSource pictures,
    Preprocessing preprocessing,
    int size,
    ResizeFilter resize
)
{
    private readonly Preprocessing _preprocessing = preprocessing.ForSize(size, size);

    /// <summary>A batch of images.</summary>
    /// <param name="images">Indices into the plan's images.</param>
    /// <param name="augmentation">Random changes, or null.</param>
    /// <param name="epoch">The epoch that the changes are drawn for.</param>
    /// <returns>N×3×S×S, float32, on the plan's device, in the caller's dispose scope.</returns>
    public Tensor Read(IReadOnlyList<int> images, AugmentationSpec? augmentation = null, int epoch = 0)
    {
        int length = 3 * size * size;
        float[] values = new float[images.Count * length];
        try
        {
            Parallel.For(0, images.Count, Read);
        }
        catch (AggregateException e) when (e.InnerException is DataException)
        {
            // Which came first among threads is chance: once more in order, to tell the first.
            for (int i = 0; i < images.Count; i++)
            {
                Read(i);
            }
        }

        return tensor(values, [images.Count, 3, size, size], device: new Device(plan.Device));

        void Read(int i)
        {
            Picture picture = Prepare(plan.Data.Images[images[i]].Path, augmentation, epoch);
            _preprocessing.Apply(picture.Rgb, size, size, values.AsSpan(i * length, length));
        }
    }

    private Picture Prepare(string path, AugmentationSpec? augmentation, int epoch)
    {
        Picture picture = Resampling.Resize(pictures(path), size, size, resize);
        return augmentation is null
            ? picture
            : RandomWarp.Draw(augmentation, plan.Seed, epoch, path, size, size).Apply(picture, augmentation.Fill);
    }
}
