using BreakHis.Runs;
using BreakHis.Training.Weights.Formats;
using static TorchSharp.torch;

namespace BreakHis.Training.Checkpoints;

/// <summary>
/// The checkpoints of a stage, as safetensors files. The last two are kept, each with the best weights that it refers
/// to.
/// </summary>
internal sealed class CheckpointFiles(RunFolder folder, string stage)
{
    private readonly Queue<Checkpoint> _kept = [];

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="epoch">Number of completed epochs.</param>
    /// <param name="step">Number of completed steps in the next epoch.</param>
    /// <param name="tensors">The tensors needed to resume.</param>
    /// <param name="numbers">The numbers needed to resume.</param>
    /// <param name="best">The weights of the best epoch, or null.</param>
    public Checkpoint Save(
        int epoch,
        int step,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string> numbers,
        HashedFile? best
    )
    {
        string path = RunFolder.CheckpointOf(stage, epoch, step);
        SafeTensors.Write(folder.File(path), tensors, numbers);
        return new Checkpoint(stage, epoch, step, folder.Hashed(path), best);
    }

    /// <summary>Reads a checkpoint written by <see cref="Save"/>.</summary>
    public SafeTensorsContent Load(Checkpoint checkpoint)
    {
        _kept.Enqueue(checkpoint);
        return SafeTensors.Read(folder.File(checkpoint.State.Path));
    }

    /// <summary>Writes the network's tensors as the weights of the best epoch.</summary>
    public HashedFile SaveBest(int epoch, IEnumerable<(string Name, Tensor Tensor)> network)
    {
        string path = RunFolder.BestOf(stage, epoch);
        SafeTensors.Write(folder.File(path), network);
        return folder.Hashed(path);
    }

    /// <summary>
    /// Deletes files that are no longer needed. Call it only when the checkpoint is on disk and in the ledger.
    /// </summary>
    public void Keep(Checkpoint safe)
    {
        _kept.Enqueue(safe);
        while (_kept.Count > 2)
        {
            _kept.Dequeue();
        }

        var needed = new HashSet<string>(
            _kept.SelectMany(c => (string?[])[c.State.Path, c.Best?.Path]).OfType<string>().Select(folder.File),
            StringComparer.Ordinal
        );
        foreach (string file in Directory.GetFiles(folder.File(RunFolder.Checkpoints)))
        {
            if (!needed.Contains(file))
            {
                File.Delete(file);
            }
        }
    }
}
