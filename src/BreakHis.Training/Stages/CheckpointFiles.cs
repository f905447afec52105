using System.Globalization;
using BreakHis.Runs;
using BreakHis.Training.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BreakHis.Training.Stages;

/// <summary>
/// The checkpoints of a stage: safetensors files with the network's tensors, the optimizer's state as torch writes it,
/// and the loop's state. The last two are kept, each with the best weights it names.
/// </summary>
internal sealed class CheckpointFiles(RunFolder folder, Trainee trainee, OptimizerHelper optimizer)
{
    private const string Network = "network.";
    private const string Classified = "classified";
    private readonly Queue<Checkpoint> _kept = [];

    /// <summary>Writes all that is needed to go on.</summary>
    public Checkpoint Save(LoopState state)
    {
        using var scope = NewDisposeScope();
        string path = RunFolder.CheckpointOf(trainee.Stage, state.Epoch, state.Step);
        SafeTensors.Write(
            folder.File(path),
            [
                .. trainee.State.Select(t => (Network + t.Name, t.Tensor)),
                (OptimizerState.Name, OptimizerState.Of(optimizer)),
                (Classified, state.Tally.Classified()),
            ],
            Numbers(state)
        );
        return new Checkpoint(trainee.Stage, state.Epoch, state.Step, folder.Hashed(path), state.BestWeights);
    }

    /// <summary>Puts network, optimizer and loop back to where they were.</summary>
    public void Load(Checkpoint checkpoint, LoopState state)
    {
        using SafeTensorsContent saved = SafeTensors.Read(folder.File(checkpoint.State.Path));
        saved.CopyTo(trainee.State.Select(t => (Network + t.Name, t.Tensor)));
        OptimizerState.Restore(optimizer, saved.Tensors[OptimizerState.Name]);
        state.Epoch = checkpoint.Epoch;
        state.Step = checkpoint.Step;
        state.BestWeights = checkpoint.Best;
        state.Best = new Best(Whole("best_epoch"), Number("best_value"), Whole("epochs_without"));
        state.Tally.Restore(saved.Tensors[Classified], Number("loss"));
        _kept.Enqueue(checkpoint);

        int Whole(string name) => int.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
        double Number(string name) => double.Parse(saved.Metadata[name], CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the network's tensors as those of the best epoch.</summary>
    public HashedFile SaveBest(int epoch)
    {
        string path = RunFolder.BestOf(trainee.Stage, epoch);
        SafeTensors.Write(folder.File(path), trainee.State);
        return folder.Hashed(path);
    }

    /// <summary>Deletes what is no longer needed, once a checkpoint is safe: in place, and in the ledger.</summary>
    public void Keep(Checkpoint safe)
    {
        _kept.Enqueue(safe);
        while (_kept.Count > 2)
        {
            _kept.Dequeue();
        }

        HashSet<string> needed = new(
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

    private static Dictionary<string, string> Numbers(LoopState state) =>
        new(StringComparer.Ordinal)
        {
            ["best_epoch"] = state.Best.Epoch.ToString(CultureInfo.InvariantCulture),
            ["best_value"] = state.Best.Value.ToString("R", CultureInfo.InvariantCulture),
            ["epochs_without"] = state.Best.Without.ToString(CultureInfo.InvariantCulture),
            ["loss"] = state.Tally.Loss.ToString("R", CultureInfo.InvariantCulture),
        };
}
